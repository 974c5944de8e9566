"""`python -m civil_registry web | work | migrate | verify-register`."""

from civil_registry.service import SERVICE
from smartcity.service import main

raise SystemExit(main(SERVICE))
