-- Number and sum of the samples that sqlite_long.sh imported, by metric.
SELECT substr(series, instr(series, '/') + 1), count(*), printf('%.17g', sum(value))
FROM sample GROUP BY 1;
