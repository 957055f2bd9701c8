// What is done with one thing of a list by whoever may: it is changed, or removed once they are sure.

import { Button } from 'antd'
import { useHttp } from '../../shell/http-context.ts'
import { useRegistryWords } from '../words.ts'
import { ConfirmButton } from './confirm.tsx'

type Props = {
  /** Its name, for whoever does not see beside what the buttons stand. */
  about: string
  /** What the first button does with it, in words. */
  editLabel: string
  sure: string
  /** Where it is removed. */
  path: string
  onEdit(): void
  onRemoved(): void
}

export function EditOrRemove({ about, editLabel, sure, path, onEdit, onRemoved }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  return (
    <span className="registry-extra">
      <Button size="small" aria-label={editLabel} onClick={onEdit}>
        {words.edit}
      </Button>
      <ConfirmButton
        small
        label={words.remove}
        about={about}
        sure={sure}
        act={() => http.delete(path)}
        onDone={onRemoved}
      />
    </span>
  )
}
