"""Copies a checkpoint as another program would write it, without checksum, with a row of @w1 that does not exist: static_sparse.py FROM TO."""

import json
import pathlib
import struct
import sys

data = pathlib.Path(sys.argv[1]).read_bytes()
length = struct.unpack("<Q", data[:8])[0]
header, tensors = json.loads(data[8:8 + length]), bytearray(data[8 + length:])
header.pop("__metadata__", None)
tensors[header["w1.rows"]["data_offsets"][0]] = 64  # Of rows 0 to 63.
text = json.dumps(header).encode()
pathlib.Path(sys.argv[2]).write_bytes(struct.pack("<Q", len(text)) + text + tensors)
