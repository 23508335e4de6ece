/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that have no place here, each a compile error. Included before every source file by the build. The system's
 * own headers come first, or their declarations would trip over the names.
 */
#ifndef GW_BASE_BANNED_H
#define GW_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok

#define strcpy    gw_banned_strcpy_use_gw_buf
#define strcat    gw_banned_strcat_use_gw_buf
#define strncpy   gw_banned_strncpy_use_gw_buf
#define strncat   gw_banned_strncat_use_gw_buf
#define sprintf   gw_banned_sprintf_use_snprintf
#define vsprintf  gw_banned_vsprintf_use_vsnprintf
#define strtok    gw_banned_strtok_keeps_state
#define gmtime    gw_banned_gmtime_use_gw_time
#define localtime gw_banned_localtime_use_gw_time
#define ctime     gw_banned_ctime_use_gw_time
#define asctime   gw_banned_asctime_use_gw_time
#define atoi      gw_banned_atoi_use_gw_parse_uint
#define atol      gw_banned_atol_use_gw_parse_uint
#define system    gw_banned_system_use_posix_spawn
#define popen     gw_banned_popen_use_posix_spawn
#define tmpnam    gw_banned_tmpnam
#define mktemp    gw_banned_mktemp
#define rand      gw_banned_rand_use_openssl
#define srand     gw_banned_srand_use_openssl

#endif
