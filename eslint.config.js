// The linter's rules, each kept because breaking it has cost someone a silent failure.
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // The peers' types are there only after their own installation; scripts/peers.mjs lints them then.
  { ignores: ['dist/', 'node_modules/', '.cache/', 'test/peers/', 'assembly/'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({
    ...config,
    files: ['**/*.ts'],
  })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'prefer-const': 'error',
      eqeqeq: ['error', 'always'],
      // A literal that is spread into another one may give a field twice, and no compiler says so.
      'no-restricted-syntax': [
        'error',
        'SpreadElement > ObjectExpression',
        'ArrayExpression > SpreadElement > ArrayExpression',
        'SpreadElement > TSAsExpression > :matches(ObjectExpression, ArrayExpression)',
      ],
    },
  },
  // Examples talk to the reader's terminal.
  { files: ['examples/**/*.ts'], rules: { 'no-console': 'off' } },
);
