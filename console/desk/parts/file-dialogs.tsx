// The dialogs of an open file; at most one of them is open.

import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Revealed } from '../../../model/reveal.ts'
import { useDeskTools } from '../desk-tools.ts'
import { dispositionName } from '../sentences.ts'
import { useWords } from '../words.ts'
import { DispatchDialog } from './dispatch-dialog.tsx'
import { FollowUpDialog } from './follow-up-dialog.tsx'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { MessageDialog } from './message-dialog.tsx'
import { ResolveDialog } from './resolve-dialog.tsx'
import { RevealDialog } from './reveal-dialog.tsx'

export type FileDialog = { is: 'dispatch' | 'handOver' | 'resolve' | 'followUp' | 'message' | 'reveal' }

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
