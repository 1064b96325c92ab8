#!/bin/sh
'''exec' "$(dirname "$(readlink -f "$0")")/python3.11" -I "$0" "$@"
'''
# The lines above make the shell start the Python beside this file, wherever that is; to Python they are one string.
import os
import sys

import salt.scripts

name = os.path.basename(sys.argv[0])
sys.exit(getattr(salt.scripts, name.replace("-", "_"))())
