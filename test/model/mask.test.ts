import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isMasked, MASKS, masked, saidIn } from '../../model/mask.ts'

describe('what is hidden', () => {
  test.each<[keyof typeof MASKS, string, string, string]>([
    ['phone', '13800001234', '138****1234', 'two numbers can be told apart'],
    ['phone', '0631-5201', '****', 'a short one would be told by its end'],
    ['address', '山东省威海市环翠区竹岛街道香山社区 3 号', '山东省威海市****', 'the district'],
    ['address', '竹岛 3 号', '****', 'a short one has nothing but the place'],
    ['accessNotes', '密码 4711', '****', 'how one gets in'],
    ['medicalNotes', '糖尿病', '****', 'how somebody is'],
    ['email', 'mei@example.com', '****', 'a whole way to reach somebody'],
    ['idNumber', '370102194001011234', '370****1234', 'an identity number'],
  ])('%s %j becomes %j: %s', (field, text, left, _reason) => {
    expect(MASKS[field](text)).toBe(left)
    expect(isMasked(left)).toBe(true)
  })

  test('wherever it stands, and nothing else', () => {
    const file = { items: [{ name: '李', phone: '13800001234', at: 5 }], deep: { contact: { phone: null } } }
    expect(masked(file)).toEqual({ ...file, items: [{ ...file.items[0], phone: '138****1234' }] })
  })

  test('but not from whoever said it', () => {
    const known = saidIn({ phone: '1' })
    expect(masked({ phone: '1' }, known)).toEqual({ phone: '1' })
    expect(masked({ phone: '2' }, known)).toEqual({ phone: '****' })
  })

  test('never by changing what was given, and never by a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const before = structuredClone(value)
        const after = masked(value)
        expect(value).toEqual(before)
        if (!JSON.stringify(value).match(/"(phone|address|accessNotes|medicalNotes|email|idNumber)"/))
          expect(after).toBe(value)
      }),
    )
  })
})
