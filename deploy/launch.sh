# How our programs are run, from a checkout (./dtm) and from an image (bin/dtm): what the JVM is told, and the AOT cache. Read by shells.

# The value of a line KEY="value" of a JDK's release file, or nothing.
released() {
  [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    if [ "$key" = "$2" ]; then
      value=${value#\"}
      echo "${value%\"}"
      return
    fi
  done <"$1/release"
}

# The name by which RocksDB looks for its machine code on this system with the JDK in $1, or nothing where we do not know it. It is found
# by java.library.path; otherwise each start would copy 17 MB out of a jar.
native_library() {
  libc=$(released "$1" LIBC)
  case $(uname -s)-$(uname -m)-$libc in
    Linux-x86_64-gnu) echo librocksdbjni-linux64.so ;;
    Linux-x86_64-musl) echo librocksdbjni-linux64-musl.so ;;
    Linux-aarch64-gnu) echo librocksdbjni-linux-aarch64.so ;;
    Linux-aarch64-musl) echo librocksdbjni-linux-aarch64-musl.so ;;
    Darwin-arm64-*) echo librocksdbjni-osx-arm64.jnilib ;;
  esac
}

# Decides on the JVM in the folder $1, with machine code in $2 and AOT caches in $3. Sets
# - jvm_options: words for every JVM of ours;
# - aot_cache: the file that belongs to this JDK, or nothing when it can have none, or DTM_AOT=off. Whether jars and options are those that
#   it was made with, the JVM finds out by itself, and goes without it if not.
choose_jvm() {
  jvm=$1
  natives=$2
  at=$(released "$jvm" JAVA_VERSION)
  at=${at%%[!0-9]*}
  # Native access and Unsafe are meant; the JDK would warn of both.
  jvm_options=--enable-native-access=ALL-UNNAMED
  [ "$at" -lt 23 ] || jvm_options="$jvm_options --sun-misc-unsafe-memory-access=allow"
  # Objects have headers of 8 bytes instead of 12.
  [ "$at" -lt 25 ] || jvm_options="$jvm_options -XX:+UseCompactObjectHeaders"
  aot_cache=
  if [ "$at" -ge 25 ] && [ "${DTM_AOT:-}" != off ]; then
    version=$(released "$jvm" JAVA_RUNTIME_VERSION)
    aot_cache=$3/${version:-$at}.aot # linked JVMs tell only the latter
  fi
}

# Becomes the JVM that choose_jvm decided on, with the cache if it is there. DTM_JAVA_OPTS has the last word on options.
become_jvm() {
  # RocksDB would run a shell and two more programs to find out.
  for native in "$natives"/librocksdbjni-linux*; do
    case $native in
      *-musl.so) export ROCKSDB_MUSL_LIBC=true ;;
      *.so) export ROCKSDB_MUSL_LIBC=false ;;
    esac
  done
  set -- "-Djava.library.path=$natives" "$@"
  if [ -n "$aot_cache" ] && [ -f "$aot_cache" ]; then
    # It would complain of a cache that does not fit, on the output of the command.
    # shellcheck disable=SC2086
    exec "$jvm/bin/java" "-XX:AOTCache=$aot_cache" '-Xlog:aot*=off,cds*=off' $jvm_options ${DTM_JAVA_OPTS:-} "$@"
  fi
  # shellcheck disable=SC2086
  exec "$jvm/bin/java" $jvm_options ${DTM_JAVA_OPTS:-} "$@"
}
