import sys

from kuemmerkasten.cli import main

sys.exit(main())
