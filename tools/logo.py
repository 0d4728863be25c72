#!/usr/bin/env python3
# tools/logo.py > graph/logo.png: draws the logo that the studio graph shows: a
# tick over a line, on a round badge, 128x128 with alpha. Nothing but Python's own
# library; the PNG is committed, so that no build needs this.
import struct
import sys
import zlib

SIDE = 128
SUB = 4  # samples of a pixel, each way


def near(x, y, ax, ay, bx, by, reach):
    """Is a point within `reach` of the line from a to b?"""
    dx, dy = bx - ax, by - ay
    along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
    along = min(1, max(0, along))
    ex, ey = x - ax - along * dx, y - ay - along * dy
    return ex * ex + ey * ey <= reach * reach


def color_at(x, y):
    """Red, green, blue, alpha of a point, 0 to 1 each way."""
    if near(x, y, .30, .46, .44, .60, .05) or near(x, y, .44, .60, .72, .26, .05):
        return 255, 255, 255, 255
    if near(x, y, .26, .76, .74, .76, .035):
        return 255, 160, 32, 255
    distance = ((x - .5) ** 2 + (y - .5) ** 2) ** .5
    if distance <= .44:
        return 16, int(72 + 64 * y), int(120 + 64 * y), 224
    if distance <= .48:
        return 255, 255, 255, 255
    return 0, 0, 0, 0


def pixel(px, py):
    points = [color_at((px + (i + .5) / SUB) / SIDE, (py + (j + .5) / SUB) / SIDE)
              for j in range(SUB) for i in range(SUB)]
    alpha = sum(p[3] for p in points)
    if not alpha:
        return 0, 0, 0, 0
    return tuple(round(sum(p[c] * p[3] for p in points) / alpha)
                 for c in range(3)) + (round(alpha / len(points)),)


def chunk(kind, data):
    return (struct.pack('>I', len(data)) + kind + data +
            struct.pack('>I', zlib.crc32(kind + data)))


rows = b''.join(b'\0' + b''.join(bytes(pixel(x, y)) for x in range(SIDE))
                for y in range(SIDE))
sys.stdout.buffer.write(
    b'\x89PNG\r\n\x1a\n' +
    chunk(b'IHDR', struct.pack('>IIBBBBB', SIDE, SIDE, 8, 6, 0, 0, 0)) +
    chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b''))
