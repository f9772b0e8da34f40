"""tcn_clip in plain python3-torch: the network, losses, optimiser and augmentation of
inference/torch, on random motions of the same size. Prints {"seconds": …} for training.

    tcn_clip_baseline.py [--steps 1800] [--measured 300] [--threads 1] [--sequences 234]

Measures fewer steps where told and scales up. The best of one and two threads is what
to compare with.
"""
import argparse
import copy
import json
import math
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import torch
from torch import nn
from torch.nn import functional as F

JOINTS, CLASSES, FRAMES, WIDTH, LAYERS, BATCH = 20, 20, 48, 128, 4, 16
PARENTS = torch.tensor([2, 2, 3, 6, 6, 6, 6, 0, 1, 7, 8, 9, 10, 4, 5, 13, 14, 15, 16, 2])


class Layer(nn.Module):
    def __init__(self, dilation):
        super().__init__()
        self.dilated = nn.Conv1d(WIDTH, WIDTH, 3, padding=dilation, dilation=dilation)
        self.pointwise = nn.Conv1d(WIDTH, WIDTH, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x):
        return x + self.dropout(self.pointwise(F.relu(self.dilated(x))))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(9 * JOINTS)
        self.input = nn.Conv1d(9 * JOINTS, WIDTH, 1)
        self.layers = nn.ModuleList([Layer(2**i) for i in range(LAYERS)])
        self.dropout = nn.Dropout(0.3)
        self.classes = nn.Linear(2 * WIDTH, CLASSES)

    def forward(self, x):
        x = self.input(self.norm(x))
        for layer in self.layers:
            x = layer(x)
        x = F.relu(x)
        return self.classes(self.dropout(torch.cat([x.mean(2), x.amax(2)], 1)))


def rotations(x, y, z):
    cx, sx, cy, sy, cz, sz = x.cos(), x.sin(), y.cos(), y.sin(), z.cos(), z.sin()
    o, i = torch.zeros_like(x), torch.ones_like(x)
    about_x = torch.stack([i, o, o, o, cx, -sx, o, sx, cx], 1).view(-1, 3, 3)
    about_y = torch.stack([cy, o, sy, o, i, o, -sy, o, cy], 1).view(-1, 3, 3)
    about_z = torch.stack([cz, -sz, o, sz, cz, o, o, o, i], 1).view(-1, 3, 3)
    return about_y @ about_x @ about_z


def drawn(motions, lengths, chosen):
    """A batch of augmented features, samples x channels x frames, without a Python loop."""
    uniform = lambda *size: torch.rand(*size) * 2 - 1
    last = (lengths[chosen] - 1).float()
    length = 1 - 0.2 * torch.rand(BATCH)
    start = torch.rand(BATCH) * (1 - length)
    place = (start[:, None] + torch.linspace(0, 1, FRAMES) * length[:, None]) * last[:, None]
    before = place.floor().long()
    after = torch.minimum(before + 1, last.long()[:, None])
    share = (place - before)[..., None]
    rows = chosen[:, None]
    x = motions[rows, before] * (1 - share) + motions[rows, after] * share
    degrees = math.pi / 180
    turn = rotations(uniform(BATCH) * 7.5 * degrees, uniform(BATCH) * 15 * degrees, uniform(BATCH) * 7.5 * degrees)
    turn = turn * (1 + 0.1 * uniform(BATCH))[:, None, None]
    x = (x.view(BATCH, FRAMES * JOINTS, 3) @ turn.transpose(1, 2)).view(BATCH, FRAMES, JOINTS, 3)
    x = x + 0.085 * uniform(BATCH, 1, 1, 3)
    bone = x - x[:, :, PARENTS]
    velocity = torch.zeros_like(x)
    velocity[:, 1:] = (x[:, 1:] - x[:, :-1]) * 5
    flat = [part.reshape(BATCH, FRAMES, -1) for part in (x, bone, velocity)]
    return torch.cat(flat, 2).transpose(1, 2).contiguous()


def loss_of(logits, labels, mine_hard):
    targets = F.one_hot(labels, CLASSES).float()
    smoothed = targets * 0.9 + 0.1 / CLASSES
    entropy = -(smoothed * F.log_softmax(logits, 1)).sum(1)
    if mine_hard:
        kept = entropy.topk(math.ceil(0.7 * BATCH)).indices
        entropy, logits, targets = entropy[kept], logits[kept], targets[kept]
    p = logits.softmax(1)
    present = targets.sum(0) > 0
    dice = 1 - (2 * (p * targets).sum(0) + 1e-3) / ((p * p).sum(0) + (targets * targets).sum(0) + 1e-3)
    return (3 * dice[present].mean() + entropy.mean()) / 4


def train(motions, lengths, labels, steps, measured):
    network = Network()
    average = copy.deepcopy(network).eval()
    parameters = list(network.parameters())
    optimiser = torch.optim.AdamW(
        [dict(params=[p for p in parameters if p.ndim > 1], weight_decay=5e-4),
         dict(params=[p for p in parameters if p.ndim <= 1], weight_decay=0.0)], lr=2e-3)
    order = torch.zeros(0, dtype=torch.long)
    start = time.perf_counter()
    for step in range(measured):
        warm = 0.05 * steps
        rate = min(1, (step + 1) / warm) if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / (0.95 * steps)))
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * rate
        while len(order) < BATCH:
            order = torch.cat([order, torch.randperm(len(labels))])
        chosen, order = order[:BATCH], order[BATCH:]
        loss = loss_of(network(drawn(motions, lengths, chosen)), labels[chosen], step > 0.2 * steps)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 5.0)
        optimiser.step()
        decay = min(0.99, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_mul_(list(average.parameters()), decay)
            torch._foreach_add_(list(average.parameters()), parameters, alpha=1 - decay)
            for a, b in zip(average.buffers(), network.buffers()):
                if a.dtype.is_floating_point:
                    a.mul_(decay).add_(b, alpha=1 - decay)
    return (time.perf_counter() - start) * steps / measured


def infer(motions, lengths, rounds=5):
    network = Network().eval()
    count = len(lengths)
    place = torch.linspace(0, 1, FRAMES) * (lengths[:, None] - 1)
    rows = torch.arange(count)[:, None]

    @torch.no_grad()
    def once():
        before = place.floor().long()
        share = (place - before)[..., None]
        after = torch.minimum(before + 1, (lengths - 1)[:, None])
        x = (motions[rows, before] * (1 - share) + motions[rows, after] * share).view(count, FRAMES, JOINTS, 3)
        velocity = torch.zeros_like(x)
        velocity[:, 1:] = (x[:, 1:] - x[:, :-1]) * 5
        parts = [part.reshape(count, FRAMES, -1) for part in (x, x - x[:, :, PARENTS], velocity)]
        return network(torch.cat(parts, 2).transpose(1, 2).contiguous()).softmax(1)

    once()
    start = time.perf_counter()
    for _ in range(rounds):
        once()
    return (time.perf_counter() - start) / rounds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--measured", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sequences", type=int, default=234)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    torch.manual_seed(0)
    lengths = torch.randint(25, 60, (wanted.sequences,))
    motions = torch.randn(wanted.sequences, 60, JOINTS * 3) * 0.3
    labels = torch.randint(0, CLASSES, (wanted.sequences,))
    train(motions, lengths, labels, 1800, 10)
    seconds = train(motions, lengths, labels, wanted.steps, wanted.measured or wanted.steps)
    print(json.dumps({"seconds": seconds, "infer_seconds": infer(motions, lengths), "threads": wanted.threads}))


if __name__ == "__main__":
    main()
