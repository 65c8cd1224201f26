// User JWTs of Xsolla Login in three libraries. Their results are recorded beside our code, which must agree.
import { expect, test } from '../fixtures.ts';
import { expectGolden } from '../support/golden.ts';
import { LIBRARIES } from '../support/jwt_libraries.ts';
import { ISSUER, tokens, type Project } from './xsolla_tokens.ts';

test('the golden verdicts are those of three libraries', async () => {
  test.skip(LIBRARIES.length < 3, 'a library is not installed');
  await expectGolden('xsolla', async (project: Project) => {
    const { good, bad } = tokens(project);
    const rows = [...good, ...bad];
    const demands = { secret: project.secret, at: project.now, issuer: ISSUER, required: ['exp'] };
    const verdicts = LIBRARIES.map(({ read }) => read(rows.map(({ token }) => token), demands));
    const read = await Promise.all(verdicts);
    const verdict = (index: number) => (read.every((claims) => claims[index]) ? 'accepted' : 'rejected');
    const made = rows.map((row, index) => ({ ...row, verdict: verdict(index) }));
    expect(made.slice(0, good.length).filter(({ verdict }) => verdict !== 'accepted')).toEqual([]);
    expect(made.slice(good.length).filter(({ verdict }) => verdict === 'accepted')).toEqual([]);
    return { tokens: made };
  });
});
