#!/usr/bin/env python3
"""tests/gpu/seed_pipeline.py [WIDTH HEIGHT]: the demo's five stages in PyTorch.

Two ways, as in the system that tickline replaces: `eager`, where each stage
allocates what it returns and the frame goes to the host and back between
stages; `pooled`, where buffers and coordinate grids are made once, the first
three stages stay on the GPU, and the frame is read back once, into pinned
memory, for the text. Both are synchronised each frame. One JSON object a way,
microseconds a frame, the middle of 200. Needs torch with a GPU.
"""
import json
import math
import statistics
import sys
import time

import torch

WIDTH, HEIGHT = (int(a) for a in sys.argv[1:3]) if len(sys.argv) > 2 else (1920, 1080)
FRAMES, WARM, RADIUS = 200, 30, 40
GPU = torch.device("cuda")


def fold(p, low, high):
    q = math.fmod(p - low, 2 * (high - low))
    q += 2 * (high - low) if q < 0 else 0
    return high - (q - (high - low)) if q > high - low else low + q


def hsv(h, s, v):
    c = v * s
    x = c * (1 - abs(math.fmod(6 * h, 2) - 1))
    rgb = ((c, x, 0), (x, c, 0), (0, c, x), (0, x, c), (x, 0, c), (c, 0, x))
    return [int((k + v - c) * 255) for k in rgb[min(int(6 * h), 5)]]


class Tick:
    """What a frame needs, computed on the host."""

    def __init__(self, number):
        t = number / 60
        self.background = hsv(math.fmod(30 * t, 180) / 180, 0.5, 0.8)
        self.color = hsv(math.fmod(120 * t, 180) / 180, 1, 1)
        self.x = fold(WIDTH // 2 + 400 * t, RADIUS, WIDTH - RADIUS)
        self.y = fold(HEIGHT // 2 + 300 * t, RADIUS, HEIGHT - RADIUS)
        self.pulse = int(128 + 127 * math.sin(3 * t))
        self.t = t


def grids():
    y = torch.arange(HEIGHT, device=GPU, dtype=torch.float32).view(-1, 1)
    x = torch.arange(WIDTH, device=GPU, dtype=torch.float32).view(1, -1)
    return y, x


def byte(values):
    return torch.tensor(values, device=GPU, dtype=torch.uint8)


def pattern(tick, out, y, x):
    out[:] = byte(tick.background)
    out[(x - tick.x) ** 2 + (y - tick.y) ** 2 <= RADIUS**2] = byte(tick.color)
    return out


def overlay(tick, frame):
    corner = byte([255, tick.pulse, 0])
    for rows in (slice(0, 30), slice(-30, None)):
        for columns in (slice(0, 30), slice(-30, None)):
            frame[rows, columns] = corner
    border = byte([128, 255 - tick.pulse, tick.pulse])
    frame[:5], frame[-5:], frame[:, :5], frame[:, -5:] = (border,) * 4
    return frame


def waveform(tick, frame, columns):
    y = HEIGHT // 2 + 50 * torch.sin((columns + 100 * tick.t) * 0.02)
    y = y.to(torch.int64).clamp(2, HEIGHT - 3)
    at = columns.to(torch.int64)
    for d in range(-2, 3):
        frame[y + d, at] = byte([255, 255, 0])
    return frame


def text(frame, glyphs):
    """On the host: twelve lines of made-up glyphs, as the seed drew text."""
    for i in range(12):
        frame[20 + 12 * i : 30 + 12 * i, 10:310] |= glyphs
    return frame


def make_columns():
    return torch.arange(0, WIDTH, 4, device=GPU, dtype=torch.float32)


def eager(glyphs):
    def frame(number):
        tick = Tick(number)
        made = torch.empty((HEIGHT, WIDTH, 3), device=GPU, dtype=torch.uint8)
        made = pattern(tick, made, *grids()).cpu()
        made = overlay(tick, made.to(GPU).clone()).cpu()
        made = waveform(tick, made.to(GPU).clone(), make_columns()).cpu()
        made = text(made, glyphs)
        torch.cuda.synchronize()
        return made

    return frame


def pooled(glyphs):
    buffer = torch.empty((HEIGHT, WIDTH, 3), device=GPU, dtype=torch.uint8)
    host = torch.empty((HEIGHT, WIDTH, 3), dtype=torch.uint8, pin_memory=True)
    y, x = grids()
    columns = make_columns()

    def frame(number):
        tick = Tick(number)
        pattern(tick, buffer, y, x)
        overlay(tick, buffer)
        waveform(tick, buffer, columns)
        host.copy_(buffer, non_blocking=True)
        torch.cuda.synchronize()
        return text(host, glyphs)

    return frame


def measure(frame):
    for number in range(WARM):
        frame(number)
    times = []
    for number in range(FRAMES):
        start = time.perf_counter_ns()
        frame(number)
        times.append((time.perf_counter_ns() - start) / 1000)
    return statistics.median(times)


def main():
    glyphs = torch.randint(0, 2, (10, 300, 1), dtype=torch.uint8) * 255
    ways = {"eager": eager(glyphs), "pooled": pooled(glyphs)}
    one, other = (way(7).clone() for way in ways.values())
    if not torch.equal(one, other):
        sys.exit("seed_pipeline.py: the two ways draw different pictures")
    for name, way in ways.items():
        print(json.dumps({"way": name, "us": round(measure(way), 1),
                          "size": f"{WIDTH}x{HEIGHT}",
                          "device": torch.cuda.get_device_name()}))


if __name__ == "__main__":
    main()
