"""The Prune button: makes the network small in the background, goes on with it, and can take it back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from l1gui.app.background import Background
from l1gui.app.mailbox import Frame
from l1gui.app.notice import NoticeBar
from l1gui.app.run import Run
from l1gui.app.states import RunState
from l1gui.core.pruning import PruneCheck, Pruned, pruned_text
from l1gui.core.record import RunRecord
from l1gui.files.model import Model, model_of
from l1gui.files.pruning import prune_model

LABEL = "before pruning"


def _state_of(frame: Frame) -> tuple[int, int]:
    """What tells a run's states apart: each frame of one has the same weights."""
    return frame.snapshot.run_id, frame.snapshot.rows_seen


class Pruner(QObject):
    """Prunes the run's network; a run that goes on is paused first."""

    def __init__(self, run: Run, notice: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._notice = notice
        self._is_wanted = False
        self._frame: Frame | None = None
        self._work: Background | None = None
        run.stateChanged.connect(self._on_state_changed)

    @Slot()
    def prune(self) -> None:
        """Prune the network as it is now."""
        if self._run.state is RunState.RUNNING:
            self._is_wanted = True
            self._run.toggle()
        else:
            self._begin()

    @Slot(object)
    def _on_state_changed(self, state: RunState) -> None:
        if self._is_wanted and state is not RunState.RUNNING:
            self._is_wanted = False
            self._begin()

    def _begin(self) -> None:
        frame = self._frame = self._run.current_frame
        if frame is None:
            self._notice.show_message("There is no network to prune yet: the run is still being set up.")
            return
        model, rows = model_of(frame.snapshot, frame.dataset), frame.dataset.train_inputs
        self._work = Background(lambda: prune_model(model, rows), self)
        self._work.finished.connect(self._on_pruned)
        self._work.failed.connect(self._notice.show_message)
        self._work.start()

    @Slot(object)
    def _on_pruned(self, outcome: tuple[Model, Pruned, PruneCheck]) -> None:
        frame, now = self._frame, self._run.current_frame
        if frame is None or now is None or _state_of(frame) != _state_of(now):
            return  # the run has gone on meanwhile, and its network is another
        model, pruned, check = outcome
        if pruned.sizes == pruned.sizes_before:
            self._notice.show_message(
                "Nothing to prune: every input and unit lies on a path of nonzero weights. A mode that makes exact "
                "zeros, and a larger lambda, make paths end."
            )
            return
        if pruned.is_constant:
            self._notice.show_message(
                f"Not pruned ({pruned_text(pruned, check)}): no input leads to an output any more, the answer is the "
                "same for every row, and nothing would be left to train. Lower lambda and train again."
            )
            return
        self._take(frame, model, pruned, check)

    def _take(self, frame: Frame, model: Model, pruned: Pruned, check: PruneCheck) -> None:
        run, snapshot, dataset = self._run, frame.snapshot, frame.dataset
        settings = run.settings
        record = RunRecord(LABEL, settings, snapshot)
        run.choose(
            settings.with_values(hidden=pruned.sizes[1:-1]),
            dataset=dataset.with_inputs(pruned.kept[0].tolist()),
            start=model.flat_parameters(),
            records=(record,),
        )
        self._notice.offer(
            f"Pruned {pruned_text(pruned, check)} on {check.n_rows:,} training rows. Export saves the small network; "
            "Train goes on with it.",
            "Undo",
            lambda: run.choose(
                settings,
                dataset=dataset,
                start=model_of(snapshot, dataset).flat_parameters(),
                records=(record,),
            ),
        )
