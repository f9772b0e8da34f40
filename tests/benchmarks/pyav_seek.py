"""Seeks exactly with PyAV: pyav_seek.py VIDEO PTS... prints the milliseconds of each as JSON.

To the key frame before it, then decoding up to the pts. Each seek is cold: a container of its own, opened before the
clock starts. The picture is RGB.
"""
import json
import sys
import time

import av

# Its Python logging can wait for the interpreter's lock for ever while decoder threads run.
av.logging.restore_default_callback()

milliseconds = []
for pts in map(int, sys.argv[2:]):
    container = av.open(sys.argv[1])
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    start = time.perf_counter()
    container.seek(pts, stream=stream)
    frame = next(frame for frame in container.decode(stream) if frame.pts >= pts)
    picture = frame.to_ndarray(format="rgb24")
    milliseconds.append(1000 * (time.perf_counter() - start))
    assert frame.pts == pts and picture.ndim == 3
    container.close()
print(json.dumps({"milliseconds": milliseconds}))
