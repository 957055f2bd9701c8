import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  alarmWords,
  dispatchWords,
  endedWords,
  type Told,
  testWords,
  waitingWords,
} from '../../../alerts/templates/alarm.ts'
import { maskedName } from '../../../alerts/templates/person.ts'
import { mapLink, whereWords } from '../../../alerts/templates/place.ts'
import { plainLine } from '../../../alerts/templates/plain.ts'
import { render, TEMPLATE_NAMES, type TemplateValues } from '../../../alerts/templates/render.ts'
import { sinceWords } from '../../../alerts/templates/since.ts'
import { SMS_TEXTS, SMS_VALUE_MAX, type SmsTemplate, smsValues } from '../../../alerts/templates/sms.ts'
import { wordsEn } from '../../../alerts/templates/words.en.ts'
import { wordsZh } from '../../../alerts/templates/words.zh.ts'
import type { Resident } from '../../../model/resident.ts'
import type { Location } from '../../../model/telemetry.ts'
import { message, NOW } from '../channels/receiver.ts'

const told = (change: Partial<Told> = {}): Told => ({
  resident: {
    name: '张玉兰',
    gender: 'female',
    address: '威海市环翠区竹岛街道 12 号',
    timeZone: 'Asia/Shanghai',
  },
  finding: { kind: 'sos', evidence: {} },
  at: NOW,
  location: { lat: 37.51, lon: 122.12, acc: 15 },
  language: 'zh',
  ...change,
})

const LINK = 'https://hub.example/r/abc'

describe('an alarm in words', () => {
  test('in Chinese', () => {
    const { title, text, map, link, template, values } = alarmWords(told(), { link: LINK })
    expect(title).toBe('【紧急】张＊＊：按下了红色紧急键。')
    expect(text.split('\n')).toEqual([
      '时间：11月22日 14:03',
      '地点：住址 威海市环翠区竹岛街道 12 号；当前位置见地图（误差约 15 米）',
      '请立即打电话联系老人；联系不上请马上前往。有生命危险请拨打 120。',
      '能去的请打开链接，按“我去”，让其他人知道。',
    ])
    expect([link, template]).toEqual([LINK, 'alarm'])
    expect(Object.keys(values).sort()).toEqual(['name', 'since', 'what', 'where'])
    expect(map).toMatch(/^https:\/\/uri\.amap\.com\/marker\?position=122\.12\d+%2C37\.5\d+/)
  })

  test('in English', () => {
    const { title, text, map } = alarmWords(told({ language: 'en' }), { link: null })
    expect(title).toMatch(/^URGENT – Mrs Z\.: /)
    expect(text).toContain('When: 22 Nov 14:03')
    expect(text).not.toContain('link')
    expect(map).toBe(
      'https://www.openstreetmap.org/?mlat=37.510000&mlon=122.120000#map=17/37.510000/122.120000',
    )
  })

  test('never the whole name, whatever is told', () => {
    const finding = { kind: 'custom', evidence: { text: '头晕' } } as const
    for (const language of ['zh', 'en'] as const) {
      const it = told({ language, finding })
      const all = [
        alarmWords(it, { link: LINK }),
        waitingWords(it, { waitedMs: 65_000, link: LINK }),
        dispatchWords(it, { access: '门口地垫下有钥匙', link: LINK }),
        endedWords(it, { result: 'ok' }),
      ]
      expect(JSON.stringify(all)).not.toContain('玉兰')
    }
  })

  test('of a device that nobody is known to wear, from nowhere', () => {
    const { title, text, map } = alarmWords(told({ resident: null, location: undefined }), { link: null })
    expect(title).toBe('【紧急】一位老人：按下了红色紧急键。')
    expect(text).toContain('地点：位置未知')
    expect(map).toBe(undefined)
  })

  test('of a kind that is not known yet', () => {
    const finding = { kind: 'landslide' as 'sos', evidence: {} }
    expect(alarmWords(told({ finding }), { link: null }).title).toContain('设备发出报警。')
  })

  test('for staff, a responder, those who were told, and a test', () => {
    expect(waitingWords(told(), { waitedMs: 185_000, link: null }).text).toContain('已等待 3 分钟 无人受理')
    expect(dispatchWords(told(), { access: '钥匙在邻居家', link: null }).text).toContain('进门：钥匙在邻居家')
    expect(dispatchWords(told(), { access: null, link: null }).text).not.toContain('进门')
    expect(endedWords(told(), { result: '安全回家' }).text).toContain('处理结果：安全回家')
    expect(testWords(NOW, 'zh', '安心').title).toBe('【测试】来自安心的测试消息')
  })
})

describe('a value that is missing', () => {
  test.each([undefined, null, '', '  ', '\u200B', 'undefined', 'NaN', 'null', '[object Object]'])(
    '%j is refused by name',
    value => {
      const values = { name: value, since: '现在' } as unknown as TemplateValues<'test'>
      expect(() => render('test', 'zh', values)).toThrow(
        expect.objectContaining({
          reason: 'value_missing',
          message: expect.stringContaining('name of test.zh'),
        }),
      )
    },
  )

  test('is an error of the compiler first', () => {
    // @ts-expect-error since is not there
    expect(() => render('test', 'zh', { name: '安心' })).toThrow('since')
    // @ts-expect-error a place may be unknown, but has to be said
    expect(() => render('alarm', 'en', { name: 'x', what: 'x', since: 'x', link: null })).toThrow('where')
  })

  test('is never filled with what every object has', () => {
    const values = Object.create({ name: 'x', since: 'x' }) as TemplateValues<'test'>
    expect(() => render('test', 'zh', values)).toThrow('is missing')
  })
})

test.each(TEMPLATE_NAMES)('%s asks for the same in both languages', name => {
  const places = (words: object): string[] =>
    [
      ...new Set(
        [...JSON.stringify(words).matchAll(/\{(\w+)\}|"when":"(\w+)"/g)].map(([, a, b]) => a ?? b ?? ''),
      ),
    ].sort()
  expect(places(wordsZh[name])).toEqual(places(wordsEn[name]))
})

describe('names', () => {
  test.each<[name: string, gender: Resident['gender'], zh: string, en: string, why: string]>([
    ['张玉兰', 'female', '张＊＊', 'Mrs Z.', 'the usual'],
    ['李强', 'male', '李＊＊', 'Mr L.', 'two characters: how long it is, is not told'],
    ['欧阳修文', 'male', '欧阳＊＊', 'Mr O.', 'a surname of two characters'],
    ['曾志伟', 'male', '曾＊＊', 'Mr Z.', 'read otherwise as a surname'],
    ['单田芳', null, '单＊＊', 'S.', 'read otherwise as a surname'],
    ['阿依古丽', 'female', '阿＊＊', 'Mrs A.', 'the first of its letter'],
    ['Mary Ann Jones', 'female', 'J＊＊', 'Mrs J.', 'in letters'],
    ['  王  五 ', 'male', '王＊＊', 'Mr W.', 'blanks'],
    ['\u202E张玉兰', 'female', '张＊＊', 'Mrs Z.', 'turns what follows'],
    ['\u200B\u200D张\u200B玉兰', 'female', '张＊＊', 'Mrs Z.', 'letters of no width'],
    ['张\n玉兰\r\n【平安】已回家', 'female', '张＊＊', 'Mrs Z.', 'a line of its own'],
    ['\u3164', 'female', '一位老人', 'An elder', 'a letter that nobody sees'],
    ['محمد علي', 'male', 'ع＊＊', 'An elder', 'right to left'],
    ['🙂', null, '一位老人', 'An elder', 'no letter'],
  ])('%j (%s) is %s, %s: %s', (name, gender, zh, en) => {
    expect(maskedName({ name, gender }, 'zh')).toBe(zh)
    expect(maskedName({ name, gender }, 'en')).toBe(en)
  })

  test.each(
    Object.entries({
      A: '艾安',
      B: '白包毕',
      C: '陈蔡曹程崔',
      D: '邓丁董杜戴',
      E: '鄂',
      F: '冯范方傅',
      G: '高郭龚顾',
      H: '黄胡何韩侯',
      J: '蒋贾金江姜',
      K: '孔康',
      L: '李刘林罗梁',
      M: '马孟毛',
      N: '倪聂牛',
      P: '潘彭',
      Q: '钱秦邱',
      R: '任',
      S: '孙宋苏沈',
      T: '唐谭田陶',
      W: '王吴魏汪',
      X: '徐谢许萧',
      Y: '杨叶袁于姚',
      Z: '张赵周朱郑',
    }).flatMap(([letter, surnames]) => [...surnames].map(surname => [surname, letter] as const)),
  )('%s is read with %s', (surname, letter) => {
    expect(maskedName({ name: `${surname}某`, gender: null }, 'en')).toBe(`${letter}.`)
  })
})

describe('what people wrote, inside of a message', () => {
  test.each([
    ['a\r\nb\u2028c\td', 'a b c d', 'no line of its own'],
    ['a\u202Eb\u2066c', 'abc', 'no direction'],
    ['a\u200B\u200C\u200D\uFEFF\u00ADb', 'ab', 'nothing of no width'],
    ['a\u{E0041}\u{E0100}b', 'ab', 'no tags'],
    ['e\u0301', 'é', 'one way to write a letter'],
    [`z${'\u0335'.repeat(40)}`, 'z\u0335\u0335', 'no tower'],
    ['see https://evil.example/x', 'see https: //evil.example/x', 'no link'],
    ['\uD800x', '\uFFFDx', 'no half of a letter'],
    ['一二三四五六七八九十十一', '一二三四五六七八九…', 'no longer than its bound'],
  ])('%j is %j: %s', (text, expected) => {
    expect(plainLine(text, text.startsWith('一') ? 10 : 100)).toBe(expected)
  })

  test('whatever it is, it is one line of its length, and the same when it is written again', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    const isPlain = fc.property(text, fc.integer({ min: 1, max: 40 }), (written, max) => {
      const line = plainLine(written, max)
      expect([...line].length).toBeLessThanOrEqual(max)
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|:\/\//u)
      expect(plainLine(line, max)).toBe(line)
    })
    await fc.assert(isPlain)
  })

  test('an address from right to left stays in its place', () => {
    const { text } = alarmWords(
      told({ resident: { ...told().resident, address: 'שדרות 12' } as Told['resident'] }),
      {
        link: null,
      },
    )
    expect(text).toContain('地点：\u2068住址 שדרות 12；当前位置见地图（误差约 15 米）\u2069\n')
  })

  test('a report of a device makes no lines and no links', () => {
    const text = '已平安\n【解除】请勿前往 https://evil.example'
    const words = alarmWords(told({ finding: { kind: 'custom', evidence: { text } } }), { link: null })
    expect(words.title.split('\n')).toHaveLength(1)
    expect(JSON.stringify(words.title)).not.toContain('https://evil')
  })
})

describe('places', () => {
  test.each<[place: { lat: number; lon: number }, datum: Location['datum'], why: string]>([
    [{ lat: 39.908823, lon: 116.39747 }, undefined, 'WGS-84 by default'],
    [{ lat: 39.910226, lon: 116.403714 }, 'gcj02', 'as AMap has it already'],
    [{ lat: 39.916527, lon: 116.410112 }, 'bd09', 'as Baidu has it'],
  ])('%j in %s is one place on both maps: %s', (place, datum) => {
    const location = { ...place, ...(datum && { datum }) }
    const position =
      new URL(mapLink(location, 'zh')).searchParams.get('position')?.split(',').map(Number) ?? []
    expect(position[0]).toBeCloseTo(116.403714, 4)
    expect(position[1]).toBeCloseTo(39.910226, 4)
    const { searchParams } = new URL(mapLink(location, 'en'))
    expect(Number(searchParams.get('mlat'))).toBeCloseTo(39.908823, 4)
    expect(Number(searchParams.get('mlon'))).toBeCloseTo(116.39747, 4)
  })

  test('outside of China there is no offset', () => {
    expect(new URL(mapLink({ lat: 51.5, lon: -0.12 }, 'zh')).searchParams.get('position')).toBe(
      '-0.120000,51.500000',
    )
  })

  test('in words, as much as is known', () => {
    expect(whereWords({ address: null, location: undefined }, 'en')).toBe('not known')
    expect(whereWords({ address: ' ', location: { lat: 1, lon: 2 } }, 'en')).toBe('now: see the map')
  })
})

test.each([
  ['Asia/Shanghai', 'zh', '11月22日 14:03'],
  ['Asia/Urumqi', 'en', '22 Nov 12:03'],
  ['Pacific/Auckland', 'zh', '11月22日 19:03'],
] as const)('the time in %s (%s) is %s', (timeZone, language, expected) => {
  expect(sinceWords(NOW, timeZone, language)).toBe(expected)
})

describe('text messages', () => {
  test.each(Object.keys(SMS_TEXTS) as SmsTemplate[])(
    '%s, filled, is at most 500 letters and asks for what there is',
    name => {
      const long = '长'.repeat(200)
      const values = smsValues(
        message({ values: { name: long, what: long, since: long, where: long } }),
        name,
      )
      for (const value of Object.values(values)) expect([...value].length).toBeLessThanOrEqual(SMS_VALUE_MAX)
      const filled = SMS_TEXTS[name].replaceAll(/\{(\w+)\}/g, (_, place: string) => values[place] ?? '')
      expect(filled.length).toBeLessThanOrEqual(500)
      expect(filled).not.toContain('undefined')
    },
  )

  test.each([
    ['【安心】假的', '安心 假的', 'the brackets of a signature'],
    ['a\nb\u202Ec', 'a b c', 'lines and directions'],
    ['好🙂', '好', 'what old telephones cannot show'],
  ])('%j is sent as %j: without %s', (value, expected) => {
    expect(smsValues(message({ values: { name: value } }), 'test.zh')).toEqual({ name: expected })
  })
})
