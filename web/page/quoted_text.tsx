/**
 * A sentence of the diagnosis, with what it has in back-ticks set as code, and moments as times.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import { Time } from "./time.tsx";

export interface QuotedTextProps {
  readonly text: string;
  /** Where it is given, moments in the form of RFC 3339 become times. */
  readonly language?: Language;
}

const MOMENT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

export function QuotedText({ text, language }: QuotedTextProps) {
  const pieces = text.split("`");
  // a back-tick without its partner stays as it is
  if (pieces.length % 2 === 0) return <span>{text}</span>;
  const setPiece = (piece: string, index: number) => {
    if (index % 2 === 1) return <code>{piece}</code>;
    return language === undefined ? piece : setMoments(piece, language);
  };
  return <span>{pieces.map(setPiece)}</span>;
}

function setMoments(text: string, language: Language) {
  const setPiece = (piece: string, index: number) => {
    if (index % 2 === 0) return piece;
    return <Time ms={Date.parse(piece)} page={{ language }} />;
  };
  return text.split(MOMENT).map(setPiece);
}
