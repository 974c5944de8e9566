#!/usr/bin/env bash
# Builds the image of one service with what is there (docker, podman or buildah), and says its size, its digest and what is in it.
#   deploy/k8s/image.sh SERVICE [words for the builder, such as --build-arg BASE=…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
service=${1:?usage: deploy/k8s/image.sh SERVICE}
shift
[ -d "services/$service" ] || { echo "there is no services/$service" >&2; exit 2; }
name=medan-smart-city/$service:${TAG:-dev}
most=$((250 * 1024 * 1024))

builder=$(for one in docker podman buildah; do "$one" info >/dev/null 2>&1 && echo "$one" && break; done || true)
case $builder in
  "") echo "no docker, podman or buildah here: nothing was built" >&2; exit 3 ;;
  buildah) build=(buildah build) ;;
  *) build=("$builder" build) ;;
esac
"${build[@]}" -f Containerfile --build-arg "SERVICE=$service" -t "$name" "$@" .

mkdir -p .run/images
archive=.run/images/$service.tar
rm -f "$archive"
case $builder in
  docker) docker save -o "$archive" "$name" && gzip -f "$archive" && archive=$archive.gz ;;
  podman) podman push --quiet "$name" "oci-archive:$archive" ;;
  buildah) buildah push --quiet "$name" "oci-archive:$archive" ;;
esac
size=$(stat -c %s "$archive")
echo "$name: $((size / 1024 / 1024)) MiB in $archive"
[ "$size" -le $most ] || { echo "larger than 250 MiB" >&2; exit 1; }
[ -x .run/k8s/bin/cyclonedx-py ] &&
  .run/k8s/bin/cyclonedx-py requirements requirements.lock --output-reproducible -o ".run/images/$service.cdx.json" 2>/dev/null &&
  echo "what is in it: .run/images/$service.cdx.json"
echo "push it, and put its digest into deploy/k8s/overlays/production/release/kustomization.yaml"
