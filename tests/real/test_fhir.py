"""What is sent, held to R4 by validators that are not ours: structure, invariants, required codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DAY = HERE.parent / "sync" / "whole_day.py"


def validated(file: Path) -> tuple[int, str]:
    command = ["node", str(HERE / "fhir" / "validate.mjs"), str(file), "--codes"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_whole_day_is_without_error_and_a_planted_fault_is_found(tmp_path: Path) -> None:
    file = tmp_path / "day.ndjson"
    subprocess.run([sys.executable, str(DAY), str(file)], check=True, timeout=120)
    status, said = validated(file)
    assert (status, said.splitlines()[-1].split(", ")[1]) == (0, "0 with errors"), said
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) > 200
    broken = json.loads(next(line for line in lines if '"Observation"' in line)) | {"status": "perfect"}
    file.write_text(json.dumps(broken), "utf-8")
    status, said = validated(file)
    assert status != 0
    assert "1 with errors" in said
