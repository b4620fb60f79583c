"""What a scaled picture must look like, made another way than the program's."""

import numpy


def mean_weights(length, to):
    """to x length: how much of each pixel lies in each larger one."""
    edges = numpy.arange(to + 1) * length / to
    places = numpy.arange(length)
    left = numpy.maximum(edges[:-1, None], places)
    right = numpy.minimum(edges[1:, None], places + 1)
    return numpy.maximum(right - left, 0) * to / length


def between_weights(length, to):
    """to x length: linear between the middles of pixels."""
    middles = (numpy.arange(to) + 0.5) * length / to - 0.5
    middles = middles.clip(0, length - 1)
    distance = numpy.abs(middles[:, None] - numpy.arange(length))
    return numpy.maximum(1 - distance, 0)


def weights(length, to):
    if to % length == 0:
        return numpy.repeat(numpy.eye(length), to // length, axis=0)
    return (mean_weights if to < length else between_weights)(length, to)


def scaled(picture, width, height):
    down = weights(picture.shape[0], height)
    across = weights(picture.shape[1], width)
    out = numpy.einsum("yY,YXc,xX->yxc", down, picture.astype("f8"), across,
                       optimize=True)
    return out.round().clip(0, 255).astype("u1")
