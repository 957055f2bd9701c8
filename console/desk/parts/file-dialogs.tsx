// The dialogs of an open file; at most one of them is open.

import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Revealed } from '../../../model/reveal.ts'
import { useDeskTools } from '../desk-tools.ts'
import { dispositionName } from '../sentences.ts'
import { calleesOf } from '../telephone.ts'
import { useWords } from '../words.ts'
import { CallDialog, type Callee } from './call-dialog.tsx'
import { DispatchDialog } from './dispatch-dialog.tsx'
import { FollowUpDialog } from './follow-up-dialog.tsx'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { MessageDialog } from './message-dialog.tsx'
import { ResolveDialog } from './resolve-dialog.tsx'
import { RevealDialog } from './reveal-dialog.tsx'

export type FileDialog =
  | { is: 'dispatch' | 'handOver' | 'resolve' | 'followUp' | 'message' | 'reveal' }
  /** `first` has just been dialled; without, it is asked who was. */
  | { is: 'call'; first?: Callee }

type Props = {
  file: AlarmFile
  dialog: FileDialog
  onClose(): void
  onRevealed(revealed: readonly Revealed[]): void
}

export function FileDialogs({ file, dialog, onClose, onRevealed }: Props) {
  const words = useWords()
  const { tell } = useDeskTools()
  const { alarm } = file
  switch (dialog.is) {
    case 'dispatch':
      return <DispatchDialog alarm={alarm} onClose={onClose} />
    case 'handOver':
      return <HandOverDialog alarm={alarm} onClose={onClose} />
    case 'followUp':
      return <FollowUpDialog file={file} onClose={onClose} />
    case 'message':
      return <MessageDialog file={file} onClose={onClose} />
    case 'reveal':
      return <RevealDialog file={file} onClose={onClose} onRevealed={onRevealed} />
    case 'call':
      return (
        <CallDialog alarm={alarm} callees={calleesOf(file, words)} first={dialog.first} onClose={onClose} />
      )
    case 'resolve':
      return (
        <ResolveDialog
          file={file}
          onCancel={onClose}
          onResolved={disposition => {
            onClose()
            tell({ tone: 'good', text: words.resolvedDone(dispositionName(disposition, words)) })
          }}
        />
      )
  }
}
