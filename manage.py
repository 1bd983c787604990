#!/usr/bin/env python
"""The command line of the project: `manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    """Run the command named by the arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from audit.context import acting

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        with acting(origin="shell" if command in ("shell", "dbshell") else "command", address=command):
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The settings are not right: {error}")


if __name__ == "__main__":
    main()
