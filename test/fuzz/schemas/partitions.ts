/** Monthly partitions of 2024, and one for the rest. */
export function monthsOf(name: string, months: number): readonly string[] {
  const day = (month: number) => `2024-${String(month).padStart(2, "0")}-01`;
  const numbers = Array.from({ length: months }, (_, at) => at + 1);
  return [
    ...numbers.map((month) => {
      const to = month === 12 ? "2025-01-01" : day(month + 1);
      return `CREATE TABLE ${name}_2024_${String(month).padStart(2, "0")} PARTITION OF ${name} FOR VALUES FROM ('${day(month)}') TO ('${to}')`;
    }),
    `CREATE TABLE ${name}_rest PARTITION OF ${name} DEFAULT`,
  ];
}
