// User JWTs of Xsolla Login as three libraries read them; their verdicts stand beside our code, which must agree.
import { expect, test } from '../fixtures.ts';
import { expectGolden } from '../support/golden.ts';
import { LIBRARIES } from '../support/jwt_libraries.ts';
import { ISSUER, tokens, type Project } from './xsolla_tokens.ts';

test('the golden verdicts are those of jsonwebtoken, jose and PyJWT', async () => {
  test.skip(LIBRARIES.length < 3, 'PyJWT is not here');
  await expectGolden('xsolla', async (project: Project) => {
    const { good, bad } = tokens(project);
    const rows = [...good, ...bad];
    const demands = { secret: project.secret, at: project.now, issuer: ISSUER, required: ['exp'] };
    const verdicts = LIBRARIES.map(({ read }) => read(rows.map(({ token }) => token), demands));
    const read = await Promise.all(verdicts);
    const refusedBy = (index: number) => LIBRARIES.filter((_, library) => !read[library]![index]).map(({ name }) => name);
    const made = rows.map((row, index) => ({ ...row, refusedBy: refusedBy(index) }));
    expect(made.slice(0, good.length).filter(({ refusedBy }) => refusedBy.length > 0)).toEqual([]);
    expect(made.slice(good.length).filter(({ refusedBy }) => refusedBy.length === 0)).toEqual([]);
    return { tokens: made };
  });
});
