#!/usr/bin/env python3
"""Times HoVer-Net in PyTorch: forward pass and train steps over one 256 x 256 window, the peer of `hovernet bench`.

The network and the loss are written from their published description (37,639,561 parameters, five classes), with random
weights. Prints one JSON document: {torch, threads, cases: [{case, median_ms, min_ms, runs}]}.

    python3 tools/peers/time_pytorch.py --threads 2 --runs 5
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-5, momentum=0.1)


class ResidualUnit(nn.Module):
    def __init__(self, in_channels, inner, stride, first):
        super().__init__()
        self.preact = None if first else norm(in_channels)
        self.conv1 = nn.Conv2d(in_channels, inner, 1, bias=False)
        self.norm1 = norm(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=2 if stride == 2 else 1, bias=False)
        self.norm2 = norm(inner)
        self.conv3 = nn.Conv2d(inner, 4 * inner, 1, bias=False)

    def forward(self, x):
        if self.preact is not None:
            x = F.relu(self.preact(x), inplace=True)
        x = F.relu(self.norm1(self.conv1(x)), inplace=True)
        x = F.relu(self.norm2(self.conv2(x)), inplace=True)
        return self.conv3(x)


class Stage(nn.Module):
    def __init__(self, in_channels, inner, units, stride):
        super().__init__()
        self.stride = stride
        self.units = nn.ModuleList(
            ResidualUnit(in_channels if u == 0 else 4 * inner, inner, stride if u == 0 else 1, u == 0)
            for u in range(units)
        )
        self.shortcut = nn.Conv2d(in_channels, 4 * inner, 1, stride, padding=1 if stride == 2 else 0, bias=False)
        self.out_norm = norm(4 * inner)

    def forward(self, x):
        shortcut = self.shortcut(x)
        if self.stride == 2:
            shortcut = shortcut[:, :, :-1, :-1]
        for unit in self.units:
            y = unit(x)
            if y.shape[-1] != shortcut.shape[-1]:
                y = y[:, :, :-1, :-1]
            x = y + shortcut
            shortcut = x
        return F.relu(self.out_norm(x), inplace=True)


class DenseUnit(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.preact = norm(channels)
        self.conv1 = nn.Conv2d(channels, 128, 1, bias=False)
        self.norm1 = norm(128)
        self.conv2 = nn.Conv2d(128, 32, 3, groups=4, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.preact(x), inplace=True))
        y = self.conv2(F.relu(self.norm1(y), inplace=True))
        return torch.cat([crop(x, y), y], 1)


class DecoderBlock(nn.Module):
    def __init__(self, in_channels, units):
        super().__init__()
        channels = in_channels // 4
        self.conva = nn.Conv2d(in_channels, channels, 3, bias=False)
        self.units = nn.ModuleList(DenseUnit(channels + 32 * u) for u in range(units))
        channels += 32 * units
        self.norm = norm(channels)
        self.convf = nn.Conv2d(channels, channels, 1, bias=False)

    def forward(self, x):
        x = self.conva(x)
        for unit in self.units:
            x = unit(x)
        return self.convf(F.relu(self.norm(x), inplace=True))


class Branch(nn.Module):
    def __init__(self, out_channels):
        super().__init__()
        self.block1, self.block2 = DecoderBlock(1024, 8), DecoderBlock(512, 4)
        self.conva = nn.Conv2d(256, 64, 3, padding=1, bias=False)
        self.norm = norm(64)
        self.head = nn.Conv2d(64, out_channels, 1)

    def forward(self, top, skips):
        x = self.block1(top + skips[2])
        x = upsample(x)
        x = self.block2(x + crop(skips[1], x))
        x = upsample(x)
        x = self.conva(x + crop(skips[0], x))
        return self.head(F.relu(self.norm(x), inplace=True))


class HoverNet(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, padding=3, bias=False)
        self.stem_norm = norm(64)
        shapes = [(64, 64, 3, 1), (256, 128, 4, 2), (512, 256, 6, 2), (1024, 512, 3, 2)]
        self.stages = nn.ModuleList(Stage(*shape) for shape in shapes)
        self.bottleneck = nn.Conv2d(2048, 1024, 1, bias=False)
        self.np, self.hv, self.nc = Branch(2), Branch(2), Branch(classes)

    def forward(self, image):
        x = F.relu(self.stem_norm(self.stem(image)), inplace=True)
        skips = []
        for stage in self.stages:
            x = stage(x)
            skips.append(x)
        top = upsample(self.bottleneck(x))
        return tuple(branch(top, skips) for branch in (self.np, self.hv, self.nc))

    def freeze(self, stage):
        """Stage 0 as the references freeze it: all units of d0, everything of d1 to d3."""
        for parameter in self.parameters():
            parameter.requires_grad_(True)
        if stage == 0:
            for part in [self.stages[0].units, *self.stages[1:]]:
                for parameter in part.parameters():
                    parameter.requires_grad_(False)
        if stage == 'whole-encoder':
            for part in [self.stem, self.stem_norm, self.stages]:
                for parameter in part.parameters():
                    parameter.requires_grad_(False)


def upsample(x):
    return F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)


def crop(x, like):
    cut = (x.shape[-1] - like.shape[-1]) // 2
    return x[:, :, cut:-cut, cut:-cut] if cut else x


def dice(logits, target):
    p = F.softmax(logits, 1)
    over = (0, 2, 3)
    return (1 - (2 * (p * target).sum(over) + 1e-3) / (p.sum(over) + target.sum(over) + 1e-3)).sum()


def derivative(values):
    near = torch.tensor([1.0, 4, 6, 4, 1]) / 16
    slope = torch.tensor([-1.0, -2, 0, 2, 1]) / 8
    padded = F.pad(values, (2, 2, 2, 2), mode='reflect')
    along_x = F.conv2d(padded[:, :1], torch.outer(near, slope)[None, None])
    along_y = F.conv2d(padded[:, 1:], torch.outer(slope, near)[None, None])
    return torch.cat([along_x, along_y], 1)


def loss(outputs, targets):
    (np_, hv, nc), (np_true, hv_true, nc_true) = outputs, targets
    total = F.mse_loss(hv, hv_true)
    mask = np_true[:, 1:2].expand_as(hv)
    total = total + (mask * (derivative(hv) - derivative(hv_true)) ** 2).sum() / (mask.sum() + 1e-8)
    for logits, target in ((np_, np_true), (nc, nc_true)):
        total = total + dice(logits, target) + F.cross_entropy(logits, target.argmax(1))
    return total


def measure(run, runs):
    run()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - started))
    return {'median_ms': statistics.median(times), 'min_ms': min(times), 'runs': runs}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--cases', nargs='+', default=['forward', 'forward-bfloat16', 'stage0', 'stage1', 'whole-encoder'])
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    network = HoverNet()
    assert sum(p.numel() for p in network.parameters()) == 37639561
    image = torch.rand(1, 3, 256, 256)
    labels = torch.randint(0, 5, (1, 164, 164))
    nc = F.one_hot(labels, 5).permute(0, 3, 1, 2).float()
    np_ = F.one_hot((labels > 0).long(), 2).permute(0, 3, 1, 2).float()
    targets = (np_, torch.rand(1, 2, 164, 164) * 2 - 1, nc)

    def forward():
        with torch.no_grad():
            network.eval()(image)

    def forward_bfloat16():
        with torch.autocast('cpu', torch.bfloat16):
            forward()

    def train_step(stage):
        network.train().freeze(stage)
        optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], 1e-4, weight_decay=1e-5)

        def run():
            optimizer.zero_grad(set_to_none=False)
            loss(network(image), targets).backward()
            optimizer.step()

        return run

    works = {
        'forward': lambda: forward,
        'forward-bfloat16': lambda: forward_bfloat16,
        'stage0': lambda: train_step(0),
        'stage1': lambda: train_step(1),
        'whole-encoder': lambda: train_step('whole-encoder'),
    }
    cases = [{'case': name, **measure(works[name](), options.runs)} for name in options.cases]
    print(json.dumps({'torch': torch.__version__, 'threads': options.threads, 'cases': cases}))


if __name__ == '__main__':
    main()
