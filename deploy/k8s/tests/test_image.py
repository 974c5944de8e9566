"""The image is what its file promises, as far as a file can show."""

import re
import subprocess

from deploy.k8s.tests.tools import K8S, ROOT, tool

CONTAINERFILE = (ROOT / "Containerfile").read_text()


def _last_stage() -> str:
    return CONTAINERFILE.rpartition("\nFROM ")[2]


def test_hadolint_has_nothing_to_say() -> None:
    done = subprocess.run([tool("hadolint"), str(ROOT / "Containerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_hadolint_would_say_it() -> None:
    spoilt = CONTAINERFILE.replace("USER 10001:10001", "USER root").encode()
    assert b"DL3002" in subprocess.run([tool("hadolint"), "-"], input=spoilt, capture_output=True, check=False).stdout


def test_everything_that_is_installed_has_its_hash() -> None:
    installs = re.findall(r"pip install (.*?)(?: \\|$)", CONTAINERFILE, re.MULTILINE)
    assert len(installs) == 3
    assert all("--require-hashes" in words or ("--no-deps" in words and "./shared" in words) for words in installs)


def test_the_last_stage_installs_nothing_and_belongs_to_nobody() -> None:
    assert "pip" not in _last_stage() and "apt" not in _last_stage()
    assert re.search(r"^USER 10001:10001$", _last_stage(), re.MULTILINE)


def test_the_pods_run_as_the_user_of_the_image() -> None:
    plan = (K8S / "base/licensing/web.yaml").read_text()
    assert "runAsUser: 10001" in plan and "runAsGroup: 10001" in plan
    assert "/var/lib/smartcity/files" in plan and "/var/lib/smartcity/files" in _last_stage()


def test_a_service_that_is_not_there_is_not_built() -> None:
    done = subprocess.run([str(K8S / "image.sh"), "lamp-posts"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "there is no services/lamp-posts\n")
