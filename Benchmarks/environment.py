"""Virtual environments for other people's libraries, made on first use in ~/.cache/shoal and kept there."""

import pathlib
import shutil
import subprocess
import sys

HOME = pathlib.Path.home() / ".cache" / "shoal"


class InstallError(Exception):
    """What could not be installed, and pip's last words on it."""


def python(name):
    """The Python of an environment, which may not be there yet."""
    return HOME / name / "bin" / "python"


def site_packages(name):
    """Where an environment's packages lie."""
    return next((HOME / name / "lib").glob("python*/site-packages"))


def install(name, packages, dependencies=True):
    """Makes the environment if need be and installs what it does not have; asks no registry for what it has."""
    is_new = not python(name).exists()
    pip = [python(name), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        if is_new:
            run([sys.executable, "-m", "venv", HOME / name])
        run([*pip, *([] if dependencies else ["--no-deps"]), *packages])
    except subprocess.CalledProcessError as error:
        if is_new:
            shutil.rmtree(HOME / name, ignore_errors=True)
        words = (error.stderr.strip() or error.stdout.strip() or "no reason given").splitlines()
        raise InstallError(f"{', '.join(packages)} could not be installed from PyPI ({words[-1]})") from error


def run(command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True)
