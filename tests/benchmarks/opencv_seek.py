"""Seeks exactly with OpenCV: opencv_seek.py VIDEO FRAME... prints the milliseconds of each as JSON.

Each seek is cold: a capture of its own, opened before the clock starts. The picture is BGR, as read() gives it.
"""
import json
import sys
import time

import cv2

milliseconds = []
for frame in map(int, sys.argv[2:]):
    capture = cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG)
    start = time.perf_counter()
    capture.set(cv2.CAP_PROP_POS_FRAMES, frame)
    there, picture = capture.read()
    milliseconds.append(1000 * (time.perf_counter() - start))
    assert there and picture.ndim == 3
    capture.release()
print(json.dumps({"milliseconds": milliseconds}))
