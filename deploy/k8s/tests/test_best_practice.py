"""What the linters of the trade say, and what we mean to keep all the same."""

import json
import subprocess
from pathlib import Path

import yaml

from deploy.k8s.tests.rendering import text
from deploy.k8s.tests.tools import K8S, tool


def test_checkov_finds_what_we_mean_to_keep_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "production.yaml").write_text(text("overlays/production"))
    words = [tool("checkov"), "-d", str(tmp_path), "--framework", "kubernetes", "--skip-download", "--compact", "-o", "json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout)
    assert answer["summary"]["passed"] > 1000
    skips = yaml.safe_load((K8S / "checkov.yaml").read_text())["skips"]
    assert {found["check_id"] for found in answer["results"]["failed_checks"]} == set(skips)
