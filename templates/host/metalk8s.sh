#!/bin/sh
# Written by metalk8s: changes here are undone. Starts metalk8s {{version}} from its archive.
if [ ! -f {{launcher}} ]; then
  echo 'Error:  the archive of metalk8s {{version}} is not there' >&2
  echo 'Where:  {{folder}}' >&2
  echo 'To do:  Have it mounted again with systemctl start {{unit}}, or copy the content of its ISO there' >&2
  exit 4
fi
exec sh {{launcher}} "$@"
