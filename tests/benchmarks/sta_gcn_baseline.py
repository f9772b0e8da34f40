"""ST-GCN with spatio-temporal attention (models.md 2.5) in plain python3-torch: the network that inference/torch/sta_gcn_network
computes, on random motions of the same size. Prints {"train_seconds": …, "infer_seconds": …, "parameters": …}.

    sta_gcn_baseline.py [--steps 6] [--rounds 30] [--threads 1]

train_seconds is that of one step on a batch of 16, infer_seconds that of one motion alone.
"""
import argparse
import json
import os
import statistics
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import torch
from torch import nn

JOINTS, CLASSES, FRAMES, BATCH, WIDTH, CHANNELS = 20, 20, 64, 16, 64, 3
PARENTS = [2, 2, 3, -1, 6, 6, 3, 0, 1, 7, 8, 9, 10, 4, 5, 13, 14, 15, 16, 2]


def graph():
    parts = torch.zeros(3, JOINTS, JOINTS)
    parts[0] = torch.eye(JOINTS)
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            parts[1, parent, joint] = 1
            parts[2, joint, parent] = 1
    return parts / parts.sum(1, keepdim=True).clamp_min(1)


class Attention(nn.Module):
    def __init__(self, channels, kernel, padding):
        super().__init__()
        self.convolution = nn.Conv2d(channels, 1, kernel, padding=padding, bias=False)
        self.norm = nn.BatchNorm2d(1)

    def forward(self, x):
        return x * torch.sigmoid(self.norm(self.convolution(x)))


class Unit(nn.Module):
    def __init__(self, into, out, stride, residual):
        super().__init__()
        self.register_buffer("graph", graph())
        self.importance = nn.Parameter(torch.ones_like(self.graph))
        self.attention = nn.Sequential(Attention(into, (3, 1), (1, 0)), Attention(into, (1, 3), (0, 1)))
        self.mix = nn.Conv2d(3 * into, out, 1, bias=False)
        self.norm = nn.BatchNorm2d(out)
        self.time = nn.Sequential(nn.ReLU(), nn.Conv2d(out, out, (9, 1), (stride, 1), (4, 0), bias=False),
                                  nn.BatchNorm2d(out))
        self.residual = residual
        self.shortcut = None
        if residual and (into != out or stride != 1):
            self.shortcut = nn.Sequential(nn.Conv2d(into, out, 1, (stride, 1), bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        change = torch.einsum("nctv,kvw->nkctw", self.attention(x), self.graph * self.importance).flatten(1, 2)
        change = self.time(self.norm(self.mix(change)))
        if self.residual:
            change = change + (x if self.shortcut is None else self.shortcut(x))
        return torch.relu(change)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(CHANNELS * JOINTS)
        units, into = [], CHANNELS
        for place, times in enumerate([1, 1, 1, 1, 2, 2, 2, 4, 4, 4]):
            out = times * WIDTH
            units.append(Unit(into, out, 2 if place and out != into else 1, place > 0))
            into = out
        self.units = nn.Sequential(*units)
        self.dropout = nn.Dropout(0.3)
        self.classes = nn.Linear(into, CLASSES)

    def forward(self, x):
        n, c, t, v = x.shape
        x = self.norm(x.permute(0, 1, 3, 2).reshape(n, c * v, t)).view(n, c, v, t).transpose(2, 3).contiguous()
        return self.classes(self.dropout(self.units(x).mean((2, 3))))


def train_seconds(network, steps):
    network.train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    motions, labels = torch.randn(BATCH, CHANNELS, FRAMES, JOINTS), torch.randint(0, CLASSES, (BATCH,))
    times = []
    for _ in range(steps + 1):
        start = time.perf_counter()
        loss = nn.functional.cross_entropy(network(motions), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


@torch.inference_mode()
def infer_seconds(network, rounds):
    network.eval()
    motion = torch.randn(1, CHANNELS, FRAMES, JOINTS)
    times = []
    for _ in range(rounds + 2):
        start = time.perf_counter()
        network(motion)
        times.append(time.perf_counter() - start)
    return statistics.median(times[2:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    torch.manual_seed(0)
    network = Network()
    print(json.dumps({"train_seconds": train_seconds(network, wanted.steps),
                      "infer_seconds": infer_seconds(network, wanted.rounds),
                      "parameters": sum(p.numel() for p in network.parameters())}))


if __name__ == "__main__":
    main()
