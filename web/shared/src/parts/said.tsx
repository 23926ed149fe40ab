import { useTranslation } from "react-i18next";
import { Problem } from "../api/client.ts";
import type { Sentence } from "../api/models.ts";
import { sentencePieces, type Piece } from "../format/sentence.ts";

export function Pieces({ pieces }: { pieces: Piece[] }) {
  return pieces.map(({ text, lang }, index) => (
    <span key={index} lang={lang}>
      {text}
    </span>
  ));
}

// What the hub said, in the reader's language where there is a text for it.
export function Said({ sentence }: { sentence: Sentence }) {
  const { i18n } = useTranslation();
  return <Pieces pieces={sentencePieces(sentence, i18n)} />;
}

interface SaidOrQuotedProps {
  sentence?: Sentence;
  text?: string;
}

// A sentence of the hub; or the words of a device, which are English.
export function SaidOrQuoted({ sentence, text }: SaidOrQuotedProps) {
  return sentence ? <Said sentence={sentence} /> : <span lang="en">{text}</span>;
}

export function SaidLines({ sentences }: { sentences: Sentence[] }) {
  return sentences.map((sentence) => (
    <div key={sentence.text}>
      <Said sentence={sentence} />
    </div>
  ));
}

// What went wrong: as the hub said it, or the page itself.
export function ProblemText({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof Problem))
    return error instanceof Error ? <span lang="en">{error.message}</span> : String(error);
  if (error.code === "unreachable") return t("common.unreachable");
  return error.sentences.length > 0 ? (
    <SaidLines sentences={error.sentences} />
  ) : (
    <span lang="en">{error.message}</span>
  );
}
