// Prints a token: token.mjs AUTH_URL USER PASSWORD PROJECT
const [authUrl, name, password, project] = process.argv.slice(2);
const domain = { id: 'default' };
const answer = await fetch(`${authUrl}/auth/tokens`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    auth: {
      identity: { methods: ['password'], password: { user: { name, password, domain } } },
      scope: { project: { name: project, domain } },
    },
  }),
});
if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
console.log(answer.headers.get('x-subject-token'));
