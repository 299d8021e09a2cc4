"""Portuguese sentences of ours with names in; the share in which each name comes out as given, without and with, out.

usage: python -m bench.translate_glossary
"""

from __future__ import annotations

import json

from ingest.article import Lang
from translate.document import Options, Rendering, Translator
from translate.glossary import Glossed
from translate.models import Installed, Settings
from translate.registry import places

TERMS = {
    "Ministério das Marés": "Ministry of Tides",
    "Banco Regional do Norte": "Northern Regional Bank",
    "Câmara de Vila Serena": "Vila Serena Town Hall",
    "Companhia das Barcas": "Barcas Ferry Company",
    "Partido da Costa": "Coast Party",
    "Instituto do Sal": "Salt Institute",
    "Ilha da Bruma": "Mist Island",
    "Ponte do Farol": "Lighthouse Bridge",
    "Sindicato dos Estivadores": "Dockers' Union",
    "Rádio Maré": "Radio Maré",
    "Guarda do Porto": "Port Guard",
    "Tribunal de Contas Marítimas": "Maritime Audit Court",
}
FRAMES = (
    "{} anunciou ontem que vai contratar 120 pessoas até ao fim do ano.",
    "Segundo fontes ligadas a {}, a decisão só será tomada em março.",
    "O presidente da autarquia reuniu-se com {} para discutir o preço dos bilhetes.",
    "A greve convocada contra {} parou o porto durante dois dias.",
)


def main() -> None:
    import os

    where = places(None, os.environ)
    installed = Installed(where.folder, argos=where.argos, settings=Settings())
    engine = installed.all(Lang("pt"), at_most=1)[0]
    ways: dict[str, Translator] = {"without": engine, "with": Glossed(engine, TERMS)}
    asked = [(term, frame.format(term)) for term in TERMS for frame in FRAMES]
    for way, translator in ways.items():
        answers = translator.translate([sentence for _, sentence in asked], Options())
        right = [
            isinstance(answer, Rendering) and TERMS[term] in answer.text
            for (term, _), answer in zip(asked, answers, strict=True)
        ]
        flagged = sum(isinstance(answer, Rendering) and "glossary" in answer.flags for answer in answers)
        print(json.dumps({"way": way, "sentences": len(asked), "as given": sum(right), "flagged": flagged}))
        for (term, _), answer, is_right in zip(asked, answers, right, strict=True):
            if way == "with" and not is_right:
                print(f"  {TERMS[term]}: {answer}")
    installed.close()


if __name__ == "__main__":
    main()
