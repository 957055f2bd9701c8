// All keys of the desk, by what they are for.

import { Dialog } from '../../shell/dialog.tsx'
import { drawnKeys, KEY_GROUPS, keyIds } from '../keys/table.ts'
import { useWorkWords } from '../work-words.ts'

export function KeyList({ onClose }: { onClose(): void }) {
  const words = useWorkWords()
  return (
    <Dialog title={words.keyList} onCancel={onClose}>
      <p className="faint">{words.keyListLead}</p>
      <div className="key-list">
        {KEY_GROUPS.map(group => (
          <section key={group} aria-label={words.keyGroup[group]}>
            <h3>{words.keyGroup[group]}</h3>
            <dl>
              {keyIds(group).map(id => (
                <div key={id}>
                  <dt>
                    {drawnKeys(id).map(key => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{words.key[id]}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
