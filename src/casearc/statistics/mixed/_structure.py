"""Which elements of the random effects' covariance are free, and which of them are one and the same.

A structure writes the factor of that covariance as a sum of parameters times matrices of zeros and ones. Participants
alone: one lower triangle, or its diagonal. Participants within clusters: the cluster is the independent group; its
random effects are an intercept of its own and one copy of the participant's triangle for each participant in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from casearc.statistics.mixed._sufficient import Array

ZERO = 1e-4
"""A standard deviation over the residual one below this is zero: the fit lies on the boundary."""


@dataclass(frozen=True)
class Structure:
    """`own` random terms of a participant, correlated or not, in `copies`; `outer`: an intercept of the cluster too."""

    own: int
    correlated: bool = True
    copies: int = 1
    outer: bool = False

    @property
    def q(self) -> int:
        """Random effects of one independent group."""
        return int(self.outer) + self.own * self.copies

    @cached_property
    def free(self) -> NDArray[np.intp]:
        """Rows and columns of the free elements within one participant's triangle, (m, 2)."""
        return np.argwhere(np.tri(self.own) if self.correlated else np.eye(self.own))

    @cached_property
    def elements(self) -> Array:
        """What each parameter multiplies in the factor, (m, q, q)."""
        made = []
        if self.outer:
            first = np.zeros((self.q, self.q))
            first[0, 0] = 1.0
            made.append(first)
        for i, j in self.free:
            each = np.zeros((self.q, self.q))
            for copy in range(self.copies):
                at = int(self.outer) + copy * self.own
                each[at + i, at + j] = 1.0
            made.append(each)
        return np.array(made)

    @cached_property
    def covariances(self) -> Array:
        """Symmetric matrices that span the covariance linearly, (m, q, q): the parameters of Kenward and Roger."""
        return np.clip(self.elements + np.swapaxes(self.elements, 1, 2), 0.0, 1.0)

    @property
    def count(self) -> int:
        """Variance parameters beside the residual variance."""
        return int(self.elements.shape[0])

    def factor(self, parameters: Array) -> Array:
        """The factor at `parameters` (..., m): (..., q, q)."""
        flat = self.elements.reshape(self.count, -1)
        return np.asarray((parameters @ flat).reshape(*parameters.shape[:-1], self.q, self.q))

    def gathered(self, gradient: Array) -> Array:
        """Derivatives by the parameters from those by the factor, (..., m)."""
        flat = self.elements.reshape(self.count, -1)
        return np.asarray(gradient.reshape(*gradient.shape[:-2], -1) @ flat.T)

    def tangents(self, factor: Array) -> Array:
        """Derivatives of the covariance by the parameters, (..., m, q, q)."""
        half = self.elements @ np.swapaxes(factor, -1, -2)[..., None, :, :]
        return np.asarray(half + np.swapaxes(half, -1, -2))

    def bends(self, slope: Array) -> Array:
        """Second derivatives of the covariance by the parameters, weighted with `slope` (..., q, q): (..., m, m)."""
        pulled = slope[..., None, :, :] @ self.elements
        return np.asarray(2.0 * np.einsum("...kij,lij->...kl", pulled, self.elements))

    def split(self, parameters: Array) -> tuple[Array | None, Array]:
        """The cluster's standard deviation (...) and a participant's covariance, in residual units."""
        triangle = self._triangle(parameters)
        covariance = triangle @ np.swapaxes(triangle, -1, -2)
        return (np.abs(parameters[..., 0]) if self.outer else None), np.asarray(covariance)

    def snapped(self, parameters: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Parameters with directions that have no spread but for rounding set to zero, and where there was one, (...).

        The triangle is rotated so that directions without spread come last: its columns of zeros then are the
        parameters that cannot move the covariance.
        """
        out = parameters.copy()
        triangle = self._triangle(parameters)
        if self.correlated and self.own > 1:
            turned, flat = _rotated(triangle)
            out[..., int(self.outer) :] = turned[..., self.free[:, 0], self.free[:, 1]]
        else:
            small = np.abs(parameters[..., int(self.outer) :]) <= ZERO
            out[..., int(self.outer) :] = np.where(small, 0.0, np.abs(parameters[..., int(self.outer) :]))
            flat = np.asarray(small.any(axis=-1))
        if self.outer:
            lone = np.abs(parameters[..., 0]) <= ZERO
            out[..., 0] = np.where(lone, 0.0, np.abs(parameters[..., 0]))
            flat = np.asarray(flat | lone)
        return out, np.asarray(flat)

    def _triangle(self, parameters: Array) -> Array:
        triangle = np.zeros((*parameters.shape[:-1], self.own, self.own))
        triangle[..., self.free[:, 0], self.free[:, 1]] = parameters[..., int(self.outer) :]
        return triangle


def _rotated(triangle: Array) -> tuple[Array, NDArray[np.bool_]]:
    values, vectors = np.linalg.eigh(triangle @ np.swapaxes(triangle, -1, -2))
    values, vectors = values[..., ::-1], vectors[..., ::-1]
    small = values <= ZERO**2 * np.maximum(values[..., :1], 1.0)
    roots = np.sqrt(np.where(small, 0.0, np.maximum(values, 0.0)))
    lower = np.swapaxes(np.linalg.qr(np.swapaxes(vectors * roots[..., None, :], -1, -2), mode="r"), -1, -2)
    sign = np.where(np.einsum("...ii->...i", lower) < 0.0, -1.0, 1.0)
    flat = small.any(axis=-1)
    kept = np.where(np.einsum("...ii->...i", triangle) < 0.0, -1.0, 1.0)
    return np.where(flat[..., None, None], lower * sign[..., None, :], triangle * kept[..., None, :]), flat
