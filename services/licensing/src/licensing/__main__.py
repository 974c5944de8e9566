"""`python -m licensing web | work | migrate`."""

from licensing.service import SERVICE
from smartcity.service import main

raise SystemExit(main(SERVICE))
