"""`python -m identity web | work | migrate | rotate-keys | put-accounts | seed-demo`."""

from identity.service import SERVICE
from smartcity.service import main

raise SystemExit(main(SERVICE))
