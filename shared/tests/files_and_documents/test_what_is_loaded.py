import subprocess
import sys

HEAVY = ("PIL", "typst", "segno", "pyhanko")


def test_a_process_that_prints_nothing_loads_no_typesetter_and_never_an_imaging_library() -> None:
    code = f"import sys, smartcity.documents, smartcity.files; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
