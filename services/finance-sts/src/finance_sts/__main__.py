"""`python -m finance_sts web | work | migrate`."""

from finance_sts.service import SERVICE
from smartcity.service import main

raise SystemExit(main(SERVICE))
