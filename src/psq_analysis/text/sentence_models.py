"""Sentence vectors from a model that lies on this machine."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import redirect_stderr
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from psq_analysis.errors import BadInput

# Where the library looks for a model named without its owner.
SENTENCE_MODELS_OWNER = "sentence-transformers"


def sentence_vectors(texts: Sequence[str], model: str) -> np.ndarray:
    """Return texts × dimensions, rows of length 1, from a ``sentence-transformers`` model given by path or name.

    A name is that of a model already on this machine: nothing is ever asked of the network. A text in which the model knows no
    word has a row of zeros. Raises :class:`BadInput` when the library is not installed or the model cannot be loaded.
    """
    encoder = sentence_encoder(model)
    # the order of additions, hence the last digits, would follow the number of threads
    with threadpool_limits(limits=1):
        vectors = encoder.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors, dtype=np.float32)


@cache
def sentence_encoder(model: str) -> Any:
    """Load a ``sentence-transformers`` model, once per process; errors as :func:`sentence_vectors`."""
    # the bars and warnings of the libraries beneath would stand in the executed notebook, with paths of the machine
    with warnings.catch_warnings(), redirect_stderr(StringIO()):
        warnings.simplefilter("ignore")
        try:
            sentence_transformers = import_module("sentence_transformers")
        except ImportError:
            raise BadInput(
                f"Paramètre « sentence_model » : le modèle de phrases « {model} » demande la bibliothèque sentence-transformers ; "
                "installez-la (pip install sentence-transformers) ou retirez ce paramètre."
            ) from None
        folder = _folder_of_model(model)
        try:
            return sentence_transformers.SentenceTransformer(folder, local_files_only=True)
        except Exception as error:  # whatever the libraries beneath raise on a damaged model
            raise BadInput(
                f"Paramètre « sentence_model » : le modèle de phrases « {model} » ne se charge pas ({type(error).__name__}) ; "
                "donnez le chemin d'un dossier sentence-transformers complet, ou retirez ce paramètre."
            ) from None


def _folder_of_model(model: str) -> str:
    """Return the folder of a model: the one given, or where a model of that name was downloaded before."""
    if Path(model).is_dir():
        return model
    name = model if "/" in model else f"{SENTENCE_MODELS_OWNER}/{model}"
    try:
        return import_module("huggingface_hub").snapshot_download(name, local_files_only=True)
    except (OSError, ValueError):
        raise BadInput(
            f"Paramètre « sentence_model » : « {model} » n'est ni un dossier, ni un modèle de phrases déjà sur cette machine ; "
            "vérifiez le chemin, ou téléchargez d'abord le modèle par son nom (hf download organisation/modèle)."
        ) from None
