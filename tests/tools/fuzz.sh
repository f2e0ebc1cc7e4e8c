# Each fuzz target under clang's libFuzzer with ASan and UBSan for TIME seconds; needs clang.
set -eu
mkdir -p "$BUILD"
flags="-std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L -DRS_VERSION=\"fuzz\""
for target in tests/fuzz/fuzz_*.c; do
    name=$(basename "$target" .c)
    clang $flags -o "$BUILD/$name" "$target" src/base/*.c src/model/*.c src/source/*.c src/net/*.c src/cloud/*.c \
        src/store/chunk.c src/store/chunk_bitmap.c src/store/chunk_model.c src/store/chunk_unpack.c src/store/chunk_v1.c src/store/bits.c src/store/crc32.c src/store/xxh64.c \
        $(pkg-config --cflags --libs libcjson zlib expat libcurl) -lm
    mkdir -p "$BUILD/corpus-$name"
    echo "$name for $TIME s"
    "$BUILD/$name" -max_total_time="$TIME" -print_final_stats=1 "$BUILD/corpus-$name" "tests/fuzz/corpus/${name#fuzz_}" 2>&1 |
        grep -E 'stat::number_of_executed_units|ERROR|SUMMARY|Test unit written' || true
done
