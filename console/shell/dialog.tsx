// A modal dialog: the browser's own, which keeps the focus inside and needs no styles that the policy forbids.

import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from './language.tsx'
import { Cross } from './shapes.tsx'

type Props = { title: string; onCancel(): void; children: ReactNode }

export function Dialog({ title, onCancel, children }: Props) {
  const words = useWords()
  const titleId = useId()
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={event => {
        // It goes when its owner takes it away, not before.
        event.preventDefault()
        onCancel()
      }}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="plain-button" aria-label={words.cancel} onClick={onCancel}>
          <Cross />
        </button>
      </header>
      {children}
    </dialog>
  )
}
