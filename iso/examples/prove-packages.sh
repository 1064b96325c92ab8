#!/bin/sh
# Shows on a host of Enterprise Linux 8, 9 or 10 that its own dnf and rpm install from the packages of a disc, with both signature checks on
# and every other repository off, and refuse what was altered by one byte. Nothing is installed: rpm tests the transactions, on a copy of
# the host's package database.
#
#   sh /mnt/examples/prove-packages.sh /mnt [PACKAGE...]
#
# To be run as root, on a disc that was verified (docs/trust.md): the script takes the keys of the packages from the disc. Ends with 0 when
# everything was as it should be. It needs some megabytes in $TMPDIR, and no network.
set -eu
export LC_ALL=C

if [ $# -lt 1 ] || [ ! -d "$1/packages" ]; then
  echo "usage: sh prove-packages.sh MOUNT [PACKAGE...]    MOUNT is where the disc is mounted" >&2
  exit 2
fi
disc=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- kubelet kubeadm kubectl cri-tools containerd.io salt-minion

# shellcheck disable=SC1091
major=$(. /etc/os-release && echo "${VERSION_ID%%.*}")
platform="el$major-$(uname -m)"
repository="$disc/packages/$platform"
if [ ! -d "$repository/repodata" ]; then
  echo "the disc has no packages for this host: $repository" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# A root that has the host's packages installed, as far as its database says.
database=$(rpm --eval '%{_dbpath}')
mkdir -p "$work/root$(dirname "$database")"
cp -a "$database" "$work/root$database"

failures=0
ok() { echo "ok      $1"; }
failed() {
  echo "FAILED  $1"
  sed 's/^/        /' "$work/output"
  failures=$((failures + 1))
}

# A .repo file for the packages in a folder, verified by the keys of the disc.
describe() {
  mkdir -p "$work/repos"
  {
    echo "[proof]"
    echo "name=The packages of the disc"
    echo "baseurl=file://$1"
    for key in "$disc"/packages/keys/*.asc; do
      if [ "${first:-yes}" = yes ]; then echo "gpgkey=file://$key"; else echo "       file://$key"; fi
      first=no
    done
    unset first
    echo "enabled=1"
    echo "gpgcheck=1"
    echo "repo_gpgcheck=1"
    echo "module_hotfixes=1"
    echo "metadata_expire=0"
    echo "skip_if_unavailable=0"
  } > "$work/repos/proof.repo"
}

# The test transaction of an installation, in a copy of the root, so that no trial sees the keys or metadata of another. In a namespace of
# processes, as dnf leaves a gpg-agent behind for each repository that it verifies.
transaction() {
  rm -rf "$work/trial"
  cp -a "$work/root" "$work/trial"
  unshare --pid --fork --kill-child dnf --assumeyes --quiet --installroot="$work/trial" --releasever="$major" \
    --setopt=reposdir="$work/repos" --setopt=cachedir="$work/trial/metadata" --setopt=module_platform_id="platform:el$major" \
    --setopt=install_weak_deps=False --setopt=tsflags=test --setopt=keepcache=0 \
    install "$@" > "$work/output" 2>&1
}

# The repository again, for one file of it to be altered.
altered() {
  rm -rf "$work/altered"
  mkdir "$work/altered"
  for file in "$repository"/*.rpm; do ln -s "$file" "$work/altered/"; done
  cp -r "$repository/repodata" "$work/altered/"
  chmod -R u+w "$work/altered/repodata"
}

# Changes one byte of a file, near its end.
alter() {
  size=$(wc -c < "$1")
  at=$((size - 100))
  byte=$(dd if="$1" bs=1 skip="$at" count=1 2> /dev/null | od -An -tu1 | tr -d ' ')
  # shellcheck disable=SC2059
  printf "\\$(printf '%03o' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$at" conv=notrunc 2> /dev/null
}

refused() {
  describe "$work/altered"
  if transaction "$package"; then failed "$1: it was accepted"; else ok "$1: refused"; fi
}

describe "$repository"
if transaction "$@"; then ok "$*: they install from the disc alone"; else failed "$*: they do not install from the disc alone"; fi

# The smallest package that this host has not.
package=
# shellcheck disable=SC2045 # No name of a package has a space in it.
for file in $(ls -rS "$repository"/*.rpm); do
  name=$(rpm --query --package --nosignature --queryformat '%{NAME}' "$file")
  if rpm --query "$name" > /dev/null 2>&1; then continue; fi
  describe "$repository"
  if transaction "$name"; then
    package=$name
    break
  fi
done
if [ -z "$package" ]; then
  echo "skipped what is altered: this host has every package of the disc"
else
  rpm=$(basename "$file")
  altered
  describe "$work/altered"
  if transaction "$package"; then ok "a copy that nobody altered: accepted"; else failed "a copy that nobody altered: refused"; fi
  altered && rm "$work/altered/$rpm" && cp "$file" "$work/altered/$rpm" && chmod u+w "$work/altered/$rpm"
  alter "$work/altered/$rpm"
  refused "one byte of $rpm"
  altered && alter "$(ls "$work"/altered/repodata/*-primary.xml.gz)"
  refused "one byte of the description of packages"
  altered && alter "$work/altered/repodata/repomd.xml"
  refused "one byte of repomd.xml"
  altered && alter "$work/altered/repodata/repomd.xml.asc"
  refused "one byte of the signature of repomd.xml"
  altered && rm "$work/altered/repodata/repomd.xml.asc"
  refused "no signature of repomd.xml"
fi

if [ "$failures" -gt 0 ]; then
  echo "$failures of these are not as they should be"
  exit 1
fi
echo "everything is as it should be"
