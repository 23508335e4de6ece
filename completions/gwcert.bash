# SPDX-License-Identifier: Apache-2.0
# Made from the command tables by `make docs`.
# shellcheck disable=SC2207
_gwcert() {
	local cur prev cmd i
	cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd=
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in -*) ;; *) cmd=${COMP_WORDS[i]}; break ;; esac
	done
	case $cmd:$prev in
	*:--color) COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
	init:--host) COMPREPLY=(); return ;;
	init:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--dir) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); return ;;
	gen:--host) COMPREPLY=(); return ;;
	gen:--days) COMPREPLY=(); return ;;
	gen:--key-type) COMPREPLY=($(compgen -W "ec-p256 ec-p384 ec-p521 rsa-2048 rsa-3072 rsa-4096 ed25519" -- "$cur")); return ;;
	gen:--profile) COMPREPLY=($(compgen -W "server client backend" -- "$cur")); return ;;
	gen:--issuer) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--issuer-key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--issuer-password) COMPREPLY=(); return ;;
	gen:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	explain:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	secret:--cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--from) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); return ;;
	secret:--ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--password) COMPREPLY=(); return ;;
	secret:--namespace) COMPREPLY=(); return ;;
	secret:--format) COMPREPLY=($(compgen -W "yaml json" -- "$cur")); return ;;
	secret:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--resolve) COMPREPLY=(); return ;;
	probe:--connect) COMPREPLY=(); return ;;
	probe:--cacert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--expect) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--password) COMPREPLY=(); return ;;
	probe:--min-days) COMPREPLY=(); return ;;
	probe:--expect-status) COMPREPLY=(); return ;;
	probe:--timeout) COMPREPLY=(); return ;;
	probe:--concurrency) COMPREPLY=(); return ;;
	probe:--format) COMPREPLY=($(compgen -W "text json jsonl" -- "$cur")); return ;;
	serve:--cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	serve:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	serve:--password) COMPREPLY=(); return ;;
	serve:--listen) COMPREPLY=(); return ;;
	serve:--client-ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	serve:--client-mode) COMPREPLY=($(compgen -W "AllowValidOnly AllowInsecureFallback required optional" -- "$cur")); return ;;
	serve:--for) COMPREPLY=(); return ;;
	version:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	esac
	local names
	case $cmd in
	'') names='init gen explain secret probe serve completion version help' ;;
	init) names=' --host --output --help --quiet --verbose --color' ;;
	gen) names=' --file --dir --force --host --each-host --days --key-type --profile --issuer --issuer-key --issuer-password --output --format --help --quiet --verbose --color' ;;
	explain) names=' --format --help --quiet --verbose --color' ;;
	secret) names=' --cert --key --from --ca --password --namespace --plain --allow-expired --format --output --force --help --quiet --verbose --color' ;;
	probe) names=' --resolve --connect --cacert --expect --cert --key --password --min-days --expect-status --timeout --concurrency --format --help --quiet --verbose --color' ;;
	serve) names=' --cert --key --password --listen --allow-remote --client-ca --client-mode --for --help --quiet --verbose --color' ;;
	completion) names=' --help --quiet --verbose --color' ;;
	version) names=' --format --help --quiet --verbose --color' ;;
	help) names=' --help --quiet --verbose --color' ;;
	esac
	if [[ -z $cmd || $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$names" -- "$cur"))
	else
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}
complete -F _gwcert gwcert
