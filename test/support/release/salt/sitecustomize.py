"""Run by Python at every start: ctypes shall find the libraries beside this Python, for hosts that have none of them."""

import ctypes.util
import glob
import os
import sys

_find_on_host = ctypes.util.find_library


def find_library(name):
    own = glob.glob(os.path.join(sys.prefix, "lib", "lib%s.so.*" % glob.escape(name)))
    # The shortest of the names is the one that programs are linked with.
    return min(own, key=len) if own else _find_on_host(name)


ctypes.util.find_library = find_library
