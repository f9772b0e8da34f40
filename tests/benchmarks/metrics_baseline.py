"""The measures of inference/metrics.h and segmentation_metrics.h in numpy, written from models.md 2.8 alone, on data that
`inference_bench metrics` wrote. Prints {"seconds": …, "name": value …}.

    metrics_baseline.py FOLDER --classes 20 --videos 40

FOLDER holds truth.i32, scores.f32 (samples x classes), and frames.i32, found.i32 (videos of equal length).
"""
import argparse
import json
import pathlib
import time

import numpy as np


def classification(truth, scores, classes):
    predicted = scores.argmax(1)
    matrix = np.zeros((classes, classes))
    np.add.at(matrix, (truth, predicted), 1)
    hits, support, taken = np.diag(matrix), matrix.sum(1), matrix.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.nan_to_num(hits / taken)
        recall = np.nan_to_num(hits / support)
        f1 = np.nan_to_num(2 * precision * recall / (precision + recall))
    occurs = support + taken > 0
    order = np.argsort(-scores, axis=1, kind="stable")
    chance = (support * taken).sum() / len(truth) ** 2
    accuracy = hits.sum() / len(truth)
    return {
        "accuracy": accuracy,
        "macro_f1": f1[occurs].mean(),
        "weighted_f1": (f1 * support).sum() / support.sum(),
        "top5": (order[:, :5] == truth[:, None]).any(1).mean(),
        "kappa": (accuracy - chance) / (1 - chance),
    }


def mean_average_precision(truth, scores, classes):
    precisions = []
    for c in range(classes):
        positive = truth == c
        if not positive.any():
            continue
        order = np.argsort(-scores[:, c], kind="stable")
        value, hit = scores[order, c], np.cumsum(positive[order])
        last = np.append(value[1:] != value[:-1], True)  # samples of equal score enter together
        precision = (hit / np.arange(1, len(hit) + 1))[last]
        recall = (hit / positive.sum())[last]
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        precisions.append((np.diff(np.append(0, recall)) * envelope).sum())
    return np.mean(precisions)


def calibration_error(confidence, correct, bins=15):
    place = np.clip(np.ceil(confidence.astype(np.float64) * bins).astype(int) - 1, 0, bins - 1)
    error = 0
    for b in range(bins):
        chosen = place == b
        if chosen.any():
            error += chosen.mean() * abs(correct[chosen].mean() - confidence[chosen].astype(np.float64).mean())
    return error


def runs(frames):
    edges = np.flatnonzero(np.diff(frames)) + 1
    starts, ends = np.append(0, edges), np.append(edges, len(frames))
    ends[-1] -= 1  # as the evaluation of MS-TCN has it
    return frames[starts], starts, ends


def segmental(truth, found, overlap):
    labels, starts, ends = runs(truth)
    used = np.zeros(len(labels), bool)
    tp = fp = 0
    for label, start, end in zip(*runs(found)):
        shared = np.minimum(end, ends) - np.maximum(start, starts)
        union = np.maximum(end, ends) - np.minimum(start, starts)
        iou = shared / union * (labels == label)
        best = iou.argmax()
        if iou[best] >= overlap and not used[best]:
            used[best] = True
            tp += 1
        else:
            fp += 1
    return np.array([tp, fp, len(labels) - used.sum()])


def edit(truth, found):
    a, b = runs(found)[0], runs(truth)[0]
    row = np.arange(len(b) + 1)
    for i, x in enumerate(a):
        above = row.copy()
        row[0] = i + 1
        for j in range(len(b)):
            row[j + 1] = min(above[j] + (x != b[j]), above[j + 1] + 1, row[j] + 1)
    return 1 - row[-1] / max(len(a), len(b))


def f1(counts):
    tp, fp, fn = counts
    return 2 * tp / (2 * tp + fp + fn)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--videos", type=int, required=True)
    wanted = parser.parse_args()
    read = lambda name, kind: np.fromfile(wanted.folder / name, kind)
    truth, scores = read("truth.i32", np.int32), read("scores.f32", np.float32).reshape(-1, wanted.classes)
    frames, found = (read(name, np.int32).reshape(wanted.videos, -1) for name in ("frames.i32", "found.i32"))
    start = time.perf_counter()
    said = classification(truth, scores, wanted.classes)
    said["map"] = mean_average_precision(truth, scores, wanted.classes)
    said["calibration_error"] = calibration_error(scores.max(1), scores.argmax(1) == truth)
    for overlap in (10, 25, 50):
        said[f"f1_{overlap}"] = f1(sum(segmental(a, b, overlap / 100) for a, b in zip(frames, found)))
    said["edit"] = np.mean([edit(a, b) for a, b in zip(frames, found)])
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, **{name: float(value) for name, value in said.items()}}))


if __name__ == "__main__":
    main()
