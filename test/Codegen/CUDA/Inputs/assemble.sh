# Counts what ptxas has to say of a model's kernels: assemble.sh MODEL CHIP OPTION...
set -e
model=$1 chip=$2
shift 2
dither compile "$model" --target=cuda --chips=$chip --emit=ptx "$@" -o assembled.ptx
ptxas -v -arch $chip assembled.ptx -o assembled.cubin > assembled.txt 2>&1 || { cat assembled.txt; exit 1; }
kernels=$(grep -c 'bytes spill stores' assembled.txt)
# What is on a stack is in memory, too, whoever put it there.
spill=$(grep 'bytes spill stores' assembled.txt | grep -vcE '^ *0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads' || true)
notes=$(grep -c -E 'C75[0-9][0-9]|warning|error' assembled.txt || true)
[ $spill$notes = 00 ] || cat assembled.txt
echo "$kernels kernels, $spill spill, $notes notes"
