#!/bin/sh
# make-root.sh ROOT: a Debian 13 tree with the QXmpp client of this folder built in it. Needs root, debootstrap and Debian's
# archive (or $DEBIAN_MIRROR); about 1.1 GB and two minutes. QXmpp has OMEMO since Debian 13. A tree that is there is completed,
# so that the client is built anew by calling this again. Afterwards: export OMEMO_DEBIAN13_ROOT=ROOT.
set -eu
[ $# -eq 1 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
root=$1
here=$(cd "$(dirname "$0")" && pwd)
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase --include=ca-certificates trixie "$root" "$mirror"
root=$(cd "$root" && pwd)

# Packages must not start services from within a tree.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d" "$root"

# libqca-qt6-plugins: QXmppOmemo ends in QCA without its OpenSSL provider.
packages='libqxmppqt6-dev libqxmppomemoqt6-5 libqca-qt6-plugins qt6-base-dev g++ pkg-config'
if ! chroot "$root" dpkg-query -s $packages >/dev/null 2>&1; then
  chroot "$root" apt-get update -q
  chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
  chroot "$root" apt-get clean
fi

mkdir -p "$root/opt/omemo-kit"
cp "$here/qxmpp_client.cpp" "$root/opt/omemo-kit/"
chroot "$root" sh -euc '
  cd /opt/omemo-kit
  g++ -std=c++20 -O1 -fPIC -Wall -Wno-deprecated-declarations qxmpp_client.cpp -o qxmpp-client \
    $(pkg-config --cflags --libs QXmppQt6 Qt6Core Qt6Network Qt6Xml) -I/usr/include/QXmppQt6/Omemo -lQXmppOmemoQt6'
echo "built: $root/opt/omemo-kit/qxmpp-client"
