import { describe, expect, it } from 'vitest'
import { begunCall, type CallDraft, type Callee } from '../../../console/desk/call-draft.ts'

const ELDER: Callee = { whom: 'elder', name: '李秀英', number: '13900000001' }
const DAUGHTER: Callee = { whom: 'contact', contactId: 'con_1', name: '陈晓梅' }
const WRITTEN: CallDraft = { first: ELDER, chosen: 'elder', outcome: 'no_answer', text: '响了很久' }

describe('a call that is being written down', () => {
  const ROWS: { reason: string; before?: CallDraft; first?: Callee; draft: CallDraft }[] = [
    { reason: 'begins empty', draft: { text: '' } },
    {
      reason: 'begins with who was dialled',
      first: DAUGHTER,
      draft: { first: DAUGHTER, chosen: 'con_1', text: '' },
    },
    { reason: 'goes on when it is opened again', before: WRITTEN, draft: WRITTEN },
    { reason: 'goes on when the same is dialled once more', before: WRITTEN, first: ELDER, draft: WRITTEN },
    {
      reason: 'keeps the words, and not the outcome, when somebody else is dialled',
      before: WRITTEN,
      first: DAUGHTER,
      draft: { first: DAUGHTER, chosen: 'con_1', text: '响了很久' },
    },
  ]
  it.each(ROWS)('$reason', ({ before, first, draft }) => {
    expect(begunCall(before, first)).toEqual(draft)
  })
})
