import { expect, test } from 'vitest'
import { COUNTRIES, type Country, type NUMBER_FAULTS, numberOrNull, readNumber } from '../../model/phone.ts'

const MOBILE = '+8613800001111'
const WEIHAI = '+866315201234'

test.each<[text: string, number: string, why: string]>([
  ['13800001111', MOBILE, 'as people write it'],
  ['138 0000 1111', MOBILE, 'in groups'],
  ['138-0000-1111', MOBILE, 'with hyphens'],
  ['１３８００００１１１１', MOBILE, 'in full-width digits, from a Chinese keyboard'],
  ['+8613800001111', MOBILE, 'E.164'],
  ['+86 138 0000 1111', MOBILE, 'E.164 in groups'],
  ['008613800001111', MOBILE, 'as from abroad'],
  ['8613800001111', MOBILE, 'as trunk lines report it, without +'],
  ['013800001111', MOBILE, 'a mobile of another town, as landlines dial it'],
  ['+86013800001111', MOBILE, 'the prefix behind the calling code, by mistake'],
  ['sip:13800001111@10.0.0.1:5060;user=phone', MOBILE, 'a SIP address'],
  ['sips:+8613800001111@sw.example', MOBILE, 'a safe SIP address'],
  ['tel:+86-138-0000-1111;ext=5', MOBILE, 'a tel address'],
  ['06315201234', WEIHAI, 'a landline with its town'],
  ['0631-5201234', WEIHAI, 'with a hyphen'],
  ['（0631）5201234', WEIHAI, 'in full-width brackets'],
  ['(0631) 5201234 转 801', WEIHAI, 'with an extension, which no network reports'],
  ['+86 631 520 1234', WEIHAI, 'from abroad'],
  ['866315201234', WEIHAI, 'a landline without +'],
  ['+86-0631-5201234', WEIHAI, 'the town prefix behind the calling code'],
  ['01012345678', '+861012345678', 'Beijing'],
  ['02112345678', '+862112345678', 'Shanghai'],
  ['4001234567', '+864001234567', 'a number of the whole country'],
  ['5201234', 'CN:5201234', 'of this town alone: which one, nobody says'],
  ['12349', 'CN:12349', 'a short number'],
  ['8001', 'CN:8001', 'an extension of the switch'],
  ['110', 'CN:110', 'the police'],
  ['+44 (0)20 7946 0000', '+442079460000', 'with the prefix in brackets'],
  ['+4420 7946 0000', '+442079460000', 'a daughter abroad'],
  ['0044 20 7946 0000', '+442079460000', 'the same, dialled from here'],
  ['+1 (650) 253-0000', '+16502530000', 'brackets and hyphens'],
])('%s is %s: %s', (text, number) => {
  expect(readNumber(text, 'CN')).toEqual({ number })
})

test.each<[country: Country, text: string, number: string]>([
  ['HK', '2123 4567', '+85221234567'],
  ['MO', '28123456', '+85328123456'],
  ['TW', '02-2345-6789', '+886223456789'],
  ['TW', '0912 345 678', '+886912345678'],
  ['SG', '6123 4567', '+6561234567'],
  ['MY', '03-1234 5678', '+60312345678'],
  ['JP', '03-1234-5678', '+81312345678'],
  ['JP', '010 86 138 0000 1111', MOBILE],
  ['KR', '010-1234-5678', '+821012345678'],
  ['US', '(650) 253-0000', '+16502530000'],
  ['US', '1-650-253-0000', '+16502530000'],
  ['CA', '416 555 0123', '+14165550123'],
  ['GB', '020 7946 0000', '+442079460000'],
  ['DE', '030 1234567', '+49301234567'],
  ['FR', '01 23 45 67 89', '+33123456789'],
  ['AU', '02 9876 5432', '+61298765432'],
])('in %s, %s is %s', (country, text, number) => {
  expect(readNumber(text, country)).toEqual({ number })
})

test.each([
  null,
  undefined,
  '',
  '  ',
  'anonymous',
  'Anonymous',
  'sip:anonymous@anonymous.invalid',
  'Restricted',
])('%s is withheld', text => {
  expect(readNumber(text, 'CN')).toEqual({ withheld: true })
})

test.each<[text: string, fault: keyof typeof NUMBER_FAULTS, why: string]>([
  ['1-800-FLOWERS', 'letters', 'letters on keys are no digits of a registry'],
  ['女儿 13800001111', 'letters', 'a name'],
  ['١٣٨٠٠٠٠١١١١', 'letters', 'digits of another script, which no switch reports'],
  ['\u202E11110000831', 'direction', 'turned around: what is read is not what is dialled'],
  ['1380000\u200F1111', 'direction', 'a mark that nobody sees'],
  ['138\u200B00001111', 'direction', 'a blank of no width'],
  ['+', 'digits', 'no digit at all'],
  ['13800+001111', 'digits', 'a + in the middle'],
  ['1'.repeat(21), 'length', 'longer than any number'],
])('%s is refused for its %s: %s', (text, fault) => {
  expect(readNumber(text, 'CN')).toEqual({ refused: fault })
  expect(numberOrNull(text, 'CN')).toBeNull()
})

test('what was read once reads the same again, in every country', () => {
  const texts = ['13800001111', '0631-5201234', '020 7946 0000', '5201234', '+16502530000']
  for (const country of COUNTRIES)
    for (const text of texts) {
      const number = numberOrNull(text, country)
      if (number?.startsWith('+')) expect(numberOrNull(number, country)).toBe(number)
    }
})
