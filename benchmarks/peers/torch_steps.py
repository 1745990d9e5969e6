"""A peer: PyTorch on one thread: modules, autograd, a step; or with ``compiled`` behind the folder torch.compile."""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from benchmarks.peers.serve import Job, Peer, flattened, serve

torch.set_num_threads(1)


def update(
    layers: list[tuple[Tensor, Tensor]], x: Tensor, t: Tensor, rate: float, lam: float, is_squared: bool
) -> None:
    """One update in place, its gradients written out: what torch.compile gets."""
    values = [x]
    for w, b in layers[:-1]:
        values.append(torch.tanh(values[-1] @ w + b))
    o = torch.softmax(values[-1] @ layers[-1][0] + layers[-1][1], dim=1)
    signals = (o - t) / x.shape[0]
    if is_squared:
        signals = signals * (1 - o) * o
    for (w, b), value in zip(reversed(layers), reversed(values), strict=True):
        gradient = value.T @ signals
        if lam:
            gradient = gradient + lam * torch.sign(w)
        below = (signals @ w.T) * (1 - value * value)
        w.sub_(rate * gradient)
        b.sub_(rate * signals.sum(dim=0))
        signals = below


class TorchPeer(Peer):
    """What both ways share."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._inputs, self._targets = torch.from_numpy(job.inputs), torch.from_numpy(job.targets)
        self._visits = torch.from_numpy(job.visits.astype(np.int64)).reshape(job.n_updates, job.batch)
        self.reset()

    def train(self, n_updates: int) -> None:
        for rows in self._visits[:n_updates]:
            self._update(self._inputs[rows], self._targets[rows])

    def _update(self, x: Tensor, t: Tensor) -> None:
        raise NotImplementedError


class Compiled(TorchPeer):
    """The whole update as one compiled function."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._step = torch.compile(update, fullgraph=True, dynamic=False)

    def reset(self) -> None:
        self._layers = [(torch.from_numpy(w), torch.from_numpy(b)) for w, b in self.job.layers()]

    def prepare(self) -> None:
        self.train(3)

    @torch.no_grad()
    def train(self, n_updates: int) -> None:
        super().train(n_updates)

    def _update(self, x: Tensor, t: Tensor) -> None:
        self._step(self._layers, x, t, self.job.rate, self.job.lam, self.job.is_squared)

    def parameters(self) -> npt.NDArray[np.float64]:
        return flattened(self._layers)


class Eager(TorchPeer):
    """Linear modules, autograd, and torch's own SGD."""

    def reset(self) -> None:
        modules: list[nn.Module] = []
        for w, b in self.job.layers():
            linear = nn.Linear(*w.shape)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(w).T)
                linear.bias.copy_(torch.from_numpy(b))
            modules += [linear, nn.Tanh()]
        self._model = nn.Sequential(*modules[:-1])
        self._weights = [module.weight for module in modules if isinstance(module, nn.Linear)]
        self._optimizer = torch.optim.SGD(self._model.parameters(), lr=self.job.rate)

    def _update(self, x: Tensor, t: Tensor) -> None:
        job = self.job
        self._optimizer.zero_grad()
        z = self._model(x)
        if job.is_squared:
            # No loss has the article's output signal for its gradient, so it is handed to autograd.
            with torch.no_grad():
                o = torch.softmax(z, dim=1)
                signals = (o - t) * (1 - o) * o / job.batch
            z.backward(signals)
        else:
            nn.functional.cross_entropy(z, t).backward()
        if job.lam:
            with torch.no_grad():
                for weight in self._weights:
                    weight.grad.add_(torch.sign(weight), alpha=job.lam)
        self._optimizer.step()

    def parameters(self) -> npt.NDArray[np.float64]:
        linears = [module for module in self._model if isinstance(module, nn.Linear)]
        return flattened([(each.weight.detach().T.numpy(), each.bias.detach().numpy()) for each in linears])


if __name__ == "__main__":
    is_compiled = "compiled" in sys.argv
    sys.argv = [word for word in sys.argv if word != "compiled"]
    serve(Compiled if is_compiled else Eager)
