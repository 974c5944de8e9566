"""`python -m complaints web | work | migrate`."""

from complaints.service import SERVICE
from smartcity.service import main

raise SystemExit(main(SERVICE))
