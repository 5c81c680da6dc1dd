#!/usr/bin/env python3
"""Writes points of two moons, half circles that reach into each other, as a table: moons.py FILE. Needs nothing but Python.

A point is on one of the moons, at a uniform angle, and moved by normal noise. Every fifth one is for the test. What it prints is the mean negative
log-likelihood of the test points, in nats: that of one normal distribution, and that of the density they are drawn from, which no model beats but by luck.
"""

import math
import random
import sys

COUNT = 5000
NOISE = 0.1
ANGLES = 400  # That an integral over a moon is a sum of.
TEST_EVERY, TEST_OFFSET = 5, 4


def place(moon, angle):
    """Of both moons together, the middle is at 0."""
    x, y = math.cos(angle), math.sin(angle)
    return (x - 0.5, y - 0.25) if moon == 0 else (0.5 - x, 0.25 - y)


def draw(count):
    rng = random.Random(0)
    for _ in range(count):
        x, y = place(rng.randrange(2), math.pi * rng.random())
        yield x + rng.gauss(0, NOISE), y + rng.gauss(0, NOISE)


def score_normal(train, test):
    """One normal distribution, with the moments of the training points."""
    mx, my = (sum(column) / len(train) for column in zip(*train))
    xx = sum((x - mx) ** 2 for x, _ in train) / len(train)
    yy = sum((y - my) ** 2 for _, y in train) / len(train)
    xy = sum((x - mx) * (y - my) for x, y in train) / len(train)
    area = xx * yy - xy * xy
    squares = (yy * (x - mx) ** 2 - 2 * xy * (x - mx) * (y - my) + xx * (y - my) ** 2 for x, y in test)
    return math.log(2 * math.pi) + math.log(area) / 2 + sum(squares) / area / 2 / len(test)


def score_truth(test):
    """The density that the points are drawn from: normal ones around each place of the moons."""
    places = [place(moon, math.pi * (i + 0.5) / ANGLES) for moon in range(2) for i in range(ANGLES)]
    scale = 2 * math.pi * NOISE**2 * len(places)

    def density(x, y):
        return sum(math.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * NOISE**2)) for px, py in places) / scale

    return -sum(math.log(density(x, y)) for x, y in test) / len(test)


def main(path):
    points = [(round(x, 6), round(y, 6)) for x, y in draw(COUNT)]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{x:.6f},{y:.6f}\n" for x, y in points)
    test = points[TEST_OFFSET::TEST_EVERY]
    train = [point for i, point in enumerate(points) if i % TEST_EVERY != TEST_OFFSET]
    print(f"{len(points)} points, {len(test)} of them for the test")
    print(f"one normal distribution: {score_normal(train, test):.3f}")
    print(f"the moons themselves: {score_truth(test):.3f}")


main(*sys.argv[1:])
