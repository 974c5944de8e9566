"""`python -m gateway web`. gevent patches before anything else is imported."""

from gevent import monkey

monkey.patch_all()

from gateway.service import main  # noqa: E402

raise SystemExit(main())
